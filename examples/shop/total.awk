# Charges an order: lines of NAME QUANTITY PRICE.
# Orders of 100.00 and more get a discount of 10 %.
{ total += $2 * $3 }

END {
  if (total > 100) {
    total -= total / 10
  }
  printf "%.2f\n", total
}
