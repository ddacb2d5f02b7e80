#!/usr/bin/env bash
# Benchmarks. Figures with their commands are in docs/benchmarks.md.
#
#   tests/bench/run.sh decision         CPU of one routing decision, 20 nodes x 10 models
#   tests/bench/run.sh placing TRACE... every cell of the scheduling benchmark, seed by seed; kept in
#                                       target/placing.jsonl, from where it goes on; hours
#   tests/bench/run.sh history [...]    events written and replayed a second, CPU and bytes of each,
#                                       on an H2 file and on PostgreSQL; EVENTS file|postgres ROUNDS
#   tests/bench/run.sh node             CPU of a token on the node's side
#   tests/bench/run.sh gateway [...]    the whole path, one JVM and two processes, between our own
#                                       load generator and model server; --help shows the options,
#                                       --dir FOLDER adds another gateway
#   tests/bench/run.sh harness FOLDER [...]   the same candidates with the gateway benchmark harness
#                                       in FOLDER (its bench.py and build.sh), against its peers
#   tests/bench/run.sh faults [...]     sixteen faults of an upstream, with full times; a table
#   tests/bench/run.sh chaos [...]      what happens to a cluster under load, by seed: 200 events
#   tests/bench/run.sh kill [...]       from kill -9 of a node to the next token; --router kills the
#                                       router with it
#   tests/bench/run.sh train FOLDER     trains the model that estimates prompts from the public data in
#                                       FOLDER (train/ and test/ of gzipped JSON lines), into its place
#   tests/bench/run.sh measure FOLDER   figures of that recipe on what it was not trained with
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)

java_main() { # module, class, arguments
  local module=$1
  shift
  "$root/mvnw" -q -B -Dquick -f "$root/pom.xml" -DskipTests -Dspotless.check.skip -pl "$module" -am package
  exec java -XX:+IgnoreUnrecognizedVMOptions --sun-misc-unsafe-memory-access=allow \
    --enable-native-access=ALL-UNNAMED -Xmx512m -XX:+UseSerialGC \
    -cp "$root/$module/target/test-classes:$root/$module/target/classes:$root/target/lib/*" "$@"
}

# The same with what only tests need on the class path.
test_main() { # module, class, arguments
  local module=$1
  shift
  "$root/mvnw" -q -B -Dquick -f "$root/pom.xml" -DskipTests -Dspotless.check.skip -pl "$module" -am package \
    dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile="$root/target/test-path"
  exec java -XX:+IgnoreUnrecognizedVMOptions --sun-misc-unsafe-memory-access=allow \
    -Xmx512m -XX:+UseSerialGC \
    -cp "$root/$module/target/test-classes:$root/$module/target/classes:$(cat "$root/target/test-path")" \
    "$@"
}

case "${1:-}" in
  decision) java_main coordinator org.brokecluster.coordinator.routing.DecisionBenchmark ;;
  placing)
    shift
    java_main simulation org.brokecluster.simulation.schedule.PlacingBenchmark \
      --out "$root/target/placing.jsonl" "$@"
    ;;
  history)
    shift
    test_main coordinator org.brokecluster.coordinator.history.HistoryBenchmark "$@"
    ;;
  node) java_main node org.brokecluster.node.NodeBench ;;
  gateway)
    shift
    "$root/broke" version >/dev/null # builds if needed, so that no start is timed with a build
    java_main tests org.brokecluster.tests.bench.GatewayBenchmark \
      --dir "$root/tests/bench/up" --dir "$root/tests/bench/two" "$@"
    ;;
  harness)
    harness=${2:?the folder of the gateway benchmark harness is missing}
    shift 2
    "$root/broke" version >/dev/null
    "$harness/build.sh" tools
    exec python3 "$harness/bench.py" --dir "$root/tests/bench/up" --dir "$root/tests/bench/two" "$@"
    ;;
  faults)
    shift
    test_main tests org.brokecluster.tests.faults.FaultBenchmark "$@"
    ;;
  chaos)
    shift
    java_main tests org.brokecluster.tests.chaos.ChaosBenchmark "$@"
    ;;
  kill)
    shift
    java_main tests org.brokecluster.tests.chaos.KillBenchmark "$@"
    ;;
  train | measure)
    verb=$1
    folder=$(cd "${2:?the folder of the training data is missing}" && pwd)
    model=coordinator/src/main/resources/org/brokecluster/coordinator/routing/model/prompt-model.bin
    "$root/mvnw" -q -B -Dquick -f "$root/pom.xml" -DskipTests -Dspotless.check.skip -pl training -am package
    proof=coordinator/src/test/resources/org/brokecluster/coordinator/routing/profile/prompt-proof.bin
    training=(java -Xmx4g -cp "$root/training/target/classes:$root/training/target/lib/*"
      org.brokecluster.training.TrainCommand)
    if [ "$verb" = measure ]; then
      exec "${training[@]}" measure "$folder"
    fi
    "${training[@]}" proof "$folder" "$root/$proof"
    exec "${training[@]}" train "$folder" "$root/$model"
    ;;
  *)
    sed -n '2,23p' "$0"
    exit 2
    ;;
esac
