#!/usr/bin/env bash
# Tests of total.awk.
cd "$(dirname "$0")" || exit
failed=0

# expect WHAT TOTAL LINE…
expect() {
  local what=$1 expected=$2
  shift 2
  local actual
  actual=$(printf '%s\n' "$@" | awk -f total.awk)
  if [ "$actual" = "$expected" ]; then
    echo "ok    $what"
  else
    echo "FAIL  $what: expected $expected, got $actual"
    failed=1
  fi
}

expect 'an order below 100.00 is charged in full' 17.50 'apples 5 1.50' 'pears 4 2.50'
expect 'an order of 100.00 gets the discount' 90.00 'cheese 4 25.00'
expect 'an order above 100.00 gets the discount' 180.00 'wine 10 20.00'
exit "$failed"
