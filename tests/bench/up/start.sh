#!/usr/bin/env bash
# One JVM: edge, router and node, with the benchmark's upstream attached as its runtime.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
exec "$here/../../../broke" up --port "$PORT" --cluster-port 0 --data-dir "$RUN_DIR/data" \
  --runtime "openai=$UPSTREAM_URL,slots=4096,model=mock" -D broke.router.queue-size=10000
