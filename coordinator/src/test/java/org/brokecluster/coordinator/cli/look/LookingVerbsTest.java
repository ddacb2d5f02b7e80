package org.brokecluster.coordinator.cli.look;

import static org.assertj.core.api.Assertions.assertThat;

import org.brokecluster.coordinator.cli.client.FakeEdge;
import org.brokecluster.coordinator.cli.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LookingVerbsTest {
  private static final String NODES =
      """
      [{"name": "studio-m2", "state": "up", "pid": 41, "address": "127.0.0.1:25521",
        "simulated": true, "chip": "M2 Ultra", "memoryBytes": 68719476736,
        "memoryFreeBytes": 20000000000, "running": 2, "queued": 0, "later": {"x": 1},
        "machine": {"power": "battery", "batteryPercent": 78, "thermal": "nominal",
                    "pressure": "warn"},
        "models": [{"id": "sim/qwen-32b-4bit", "tier": "premium", "state": "loaded",
                    "pinned": true},
                   {"id": "sim/qwen-4b-4bit", "tier": "basic", "state": "loading",
                    "progress": 0.43}]},
       {"name": "mini-m1", "state": "unreachable", "chip": null}]
      """;

  private final FakeEdge edge = new FakeEdge();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void showsMachinesWithWhatTheyHave() {
    edge.says("/api/nodes", NODES);

    assertThat(edge.run(new NodesCommand())).isZero();

    assertThat(edge.out().lines())
        .containsExactly(
            "NAME       STATE        CHIP                  MEMORY   FREE  RUNNING  QUEUED"
                + "  CONDITION                   MODELS",
            "studio-m2  up           M2 Ultra (simulated)   64 GB  19 GB        2       0"
                + "  battery 78 %, memory short"
                + "  sim/qwen-32b-4bit loaded, pinned, sim/qwen-4b-4bit loading 43 %",
            "mini-m1    unreachable  -                          -      -        -       -"
                + "  -                           -");
  }

  @Test
  void leavesOutTheConditionWhereNobodyHasOne() throws Exception {
    var nodes = Json.parse("[{\"name\": \"mini\", \"state\": \"up\", \"models\": []}]");

    assertThat(NodesTable.render(nodes).lines()).first().asString().endsWith("QUEUED  MODELS");
  }

  @Test
  void showsWhatIsPlannedAndWhatCameOfIt() {
    edge.says(
        "/api/plan",
        """
        {"mode":"suggest","note":"","models":[{"model":"large","lately":12.5,"usually":0,
         "serviceSeconds":20,"copies":0,"busy":0.07}],
         "moves":[{"what":"load","model":"large","node":"mini","evicts":["small"],
         "gainSeconds":19.5,"lossSeconds":1,"why":"12.5 requests an hour come lately"}],
         "past":[{"at":"2026-11-16T09:00:00Z","what":"unload","model":"old","node":"mini",
         "gainSeconds":0,"why":"-","came":"done after 3 s","answered":0}]}
        """);

    assertThat(edge.run(new PlanCommand())).isZero();

    assertThat(edge.out())
        .contains(
            "mode suggest: what is proposed here is for you to do",
            "load large on mini, for which leaves small: 12.5 requests an hour come lately",
            "done after 3 s");
    assertThat(edge.out()).as("what is not known").containsPattern("large +12.5 +- +20.0 s +0 +-");
  }

  @Test
  void saysWhatToExpectWhileItOnlyWatches() {
    edge.says(
        "/api/plan",
        """
        {"mode":"suggest","note":"for its first 15 min it only watches","models":[],"moves":[],
         "past":[]}
        """);

    assertThat(edge.run(new PlanCommand())).isZero();

    assertThat(edge.out())
        .contains("for its first 15 min it only watches", "no machine has told of a model yet");
  }

  @Test
  void printsTheAnswerItselfAsJson() throws Exception {
    edge.says("/api/nodes", NODES);

    assertThat(edge.run(new NodesCommand(), "--json")).isZero();

    assertThat(Json.parse(edge.out())).isEqualTo(Json.parse(NODES));
  }

  @Test
  void saysSoWhenThereIsNoMachine() {
    edge.says("/api/nodes", "[]");

    assertThat(edge.run(new NodesCommand())).isZero();

    assertThat(edge.out().strip()).isEqualTo("no machine has joined yet");
  }

  @Test
  void showsModelsWithWhatIsKnownOfThem() throws Exception {
    var models =
        Json.parse(
            """
            [{"id": "sim/qwen-32b-4bit", "tier": "premium", "state": "loaded",
              "parameters": 32800000000, "quantization": "4bit", "contextLength": 32768,
              "bytes": 18450000000,
              "places": [
                {"node": "studio-m1", "nodeState": "up", "state": "loading", "progress": 0.43,
                 "speed": {"prefillTokensPerSecond": 120.5, "decodeTokensPerSecond": 9.84,
                           "loadSeconds": 7.2, "basis": "estimate", "samples": 0}},
                {"node": "studio-m2", "nodeState": "up", "state": "loaded", "pinned": true,
                 "speed": {"prefillTokensPerSecond": 300, "decodeTokensPerSecond": 20,
                           "loadSeconds": 6, "basis": "measured", "samples": 12,
                           "measuredAt": 1000000}}]},
             {"id": "gpt-oss", "tier": "balanced", "state": "failed",
              "places": [{"node": "mini", "nodeState": "unreachable", "state": "failed",
                          "reason": "does not fit: 18 GB of 12 GB"}]}]
            """);

    assertThat(ModelsCommand.render(models, 1_000_000 + 7300).lines())
        .containsExactly(
            "ID                 TIER      WEIGHTS  FORMAT     SIZE  CONTEXT  MACHINE    STATE"
                + "                DECODE  PREFILL    LOAD  MEASURED",
            "sim/qwen-32b-4bit  premium     32.8B  4bit    18.5 GB    32768  studio-m1  loading 43 %"
                + "         ~9.8/s   ~121/s  ~7.2 s  -",
            "                                                                studio-m2  loaded, pinned"
                + "       20.0/s    300/s   6.0 s  12 times, 2 h ago",
            "gpt-oss            balanced        -  -             -        -  mini       failed, unreachable"
                + "       -        -       -  -",
            "",
            "gpt-oss on mini: does not fit: 18 GB of 12 GB");
  }

  @Test
  void showsTheClusterOnOneScreen() {
    edge.says(
        "/api/cluster/status",
        """
        {"node": "coordinator", "version": "0.1.0", "ready": true, "reasons": [],
         "coordinator": "coordinator", "term": 3, "strategy": "balanced", "queued": 1,
         "running": 2, "history": "behind", "historyBacklog": 40, "historyLost": 0,
         "nodes": [{"name": "mini-m1", "state": "up"}]}
        """);

    assertThat(edge.run(new StatusCommand())).isZero();

    assertThat(edge.out())
        .contains("ready     yes")
        .contains("router    coordinator, term 3")
        .contains("waiting   1")
        .contains("history   behind, 40 events not yet stored")
        .contains("mini-m1  up");
  }

  @Test
  void showsHowFullTheQueueIs() {
    edge.says(
        "/api/cluster/status",
        """
        {"ready": true, "coordinator": "c", "term": 3, "queued": 3, "running": 12, "nodes": [],
         "queue": {"bound": 100, "concurrency": 20, "oldestMs": 12000,
                   "waitingByClass": {"batch": 1, "interactive": 2}}}
        """);

    assertThat(edge.run(new StatusCommand())).isZero();

    assertThat(edge.out())
        .contains(
            "waiting   3 of at most 100: batch 1, interactive 2, the oldest for 12 s",
            "running   12 of at most 20");
  }

  @Test
  void saysWhatIsMissing() {
    edge.says(
        "/api/cluster/status",
        """
        {"ready": false, "reasons": ["no node is up", "no coordinator is known"], "nodes": [],
         "config": "the changed configuration is not used"}
        """);

    assertThat(edge.run(new StatusCommand())).isZero();

    assertThat(edge.out())
        .contains("ready     no: no node is up; no coordinator is known")
        .contains("router    none known: new answers wait for a coordinator")
        .contains("config    the changed configuration is not used");
  }

  @Test
  void saysHowToGetAModelWhereNobodyHasOne() throws Exception {
    var nodes =
        "{\"nodes\": [{\"name\": \"a\", \"state\": \"up\", \"roles\": [%s], \"models\": [%s]}]}";
    var model = "{\"id\": \"qwen\", \"state\": \"disk\"}";

    assertThat(StatusCommand.render(Json.parse(nodes.formatted("\"edge\", \"node\"", ""))))
        .contains("no machine has a model yet: fetch one with ./broke pull");
    assertThat(StatusCommand.render(Json.parse(nodes.formatted("\"node\"", model))))
        .doesNotContain("no machine has a model");
    assertThat(StatusCommand.render(Json.parse(nodes.formatted("\"coordinator\"", ""))))
        .doesNotContain("no machine has a model");
  }

  @Test
  void saysWhereTheHistoryIsAndWhatThatMeansInAFailover() throws Exception {
    var file =
        Json.parse(
            """
            {"coordinator": "studio", "history": "ok", "historyShared": false,
             "historyPlace": "/Users/ada/.broke/history/routing.mv.db"}
            """);
    var server =
        Json.parse(
            """
            {"coordinator": "studio", "history": "gap", "historyLost": 3, "historyShared": true,
             "historyPlace": "jdbc:postgresql://db.local/broke"}
            """);

    assertThat(StatusCommand.render(file))
        .contains(
            "history   ok, in a file of studio (/Users/ada/.broke/history/routing.mv.db): it stays"
                + " there, another coordinator would begin its own");
    assertThat(StatusCommand.render(server))
        .contains(
            "history   gap, 3 events lost, on jdbc:postgresql://db.local/broke: whichever"
                + " coordinator takes over goes on with it");
  }

  @Test
  void theStatusSaysWhoKeepsWhat() throws Exception {
    assertThat(status("false", "false")).doesNotContain("texts");
    assertThat(status("true", "true")).contains("answers of calls to this host are kept", "2 lost");
    assertThat(status("true", "false")).contains("not kept: this host would");
    assertThat(status("false", "true")).contains("not those of calls to this host");
  }

  private static String status(String here, String kept) throws Exception {
    return StatusCommand.render(
        Json.parse(
            "{\"node\":\"n\",\"content\":{\"here\":%s,\"kept\":%s,\"waiting\":0,\"lost\":2}}"
                .formatted(here, kept)));
  }
}
