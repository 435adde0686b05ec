#!/usr/bin/env bash
# Repairs a copy of examples/shop, whose test fails. What the model says comes from a cassette, so
# neither a key nor a network is needed; the commands and the patch really run.
#
# usage: examples/repair.sh [PROGRAM]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=${1:-$here/../app/target/orchestrator/bin/orchestrator}
folder=$(mktemp -d)/shop
cp -r "$here/shop" "$folder"

# Commands are confined. Where no sandbox works at all, these few may run without one.
level=workspace-write
if "$program" doctor --json | grep -q '"sandbox":"none"'; then
  echo "no sandbox works here; this example runs without one" >&2
  level=danger-full-access
fi

echo "== before, in $folder"
bash "$folder/test.sh" || true
echo "== orchestrator exec"
"$program" exec --replay "$here/repair.cassette" -s "$level" --cd "$folder" \
  --skip-git-repo-check --ignore-user-config --runs-dir "$folder/.runs" 'repair the failing test'
echo "== after"
bash "$folder/test.sh"
