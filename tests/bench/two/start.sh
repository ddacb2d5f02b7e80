#!/usr/bin/env bash
# Two processes: a coordinator whose edge is measured, and a node with the upstream as its runtime.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cluster=$((PORT + 1000))
"$here/../../../broke" node --name node --join "127.0.0.1:$cluster" --port 0 --cluster-port 0 \
  --data-dir "$RUN_DIR/node" --runtime "openai=$UPSTREAM_URL,slots=4096,model=mock" &
exec "$here/../../../broke" coordinator --port "$PORT" --cluster-port "$cluster" \
  --data-dir "$RUN_DIR/coordinator" -D broke.router.queue-size=10000
