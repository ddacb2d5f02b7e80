package org.brokecluster.coordinator.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import org.brokecluster.coordinator.cli.client.FakeEdge;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperatingVerbsTest {
  private static final String DONE =
      "{\"accepted\": true, \"node\": \"mini-m1\", \"message\": \"takes no new work\"}";

  private final FakeEdge edge = new FakeEdge();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void marksTheStrategyInForce() {
    edge.says("/api/config", "{\"strategy\": \"b\", \"strategies\": [\"a\", \"b\"]}");

    assertThat(edge.run(new StrategyCommand())).isZero();

    assertThat(edge.out().lines()).containsExactly("  a", "* b");
  }

  @Test
  void marksAPlaceOnTheKnobThatStandsInNoList() {
    edge.says("/api/config", "{\"strategy\": \"balanced:0.7\", \"strategies\": [\"a\", \"b\"]}");

    assertThat(edge.run(new StrategyCommand(), "balanced:0.7")).isZero();

    assertThat(edge.out().lines()).containsExactly("  a", "  b", "* balanced:0.7");
  }

  @Test
  void setsAStrategy() {
    edge.says("/api/config", "{\"strategy\": \"a\", \"strategies\": [\"a\", \"b\"]}");

    assertThat(edge.run(new StrategyCommand(), "a")).isZero();

    assertThat(edge.asked).containsExactly("PUT /api/config {\"strategy\":\"a\"}");
  }

  @Test
  void drainsAndResumes() {
    edge.says("/api/nodes/mini-m1/drain", DONE).says("/api/nodes/mini-m1/resume", DONE);

    assertThat(edge.run(new DrainCommand(), "mini-m1")).isZero();
    assertThat(edge.run(new ResumeCommand(), "mini-m1")).isZero();

    assertThat(edge.asked)
        .containsExactly("POST /api/nodes/mini-m1/drain {}", "POST /api/nodes/mini-m1/resume {}");
    assertThat(edge.out()).contains("mini-m1: takes no new work");
  }

  @Test
  void failsWhereAMachineRefuses() {
    edge.says("/api/nodes", "[{\"name\": \"mini-m1\", \"models\": [{\"id\": \"qwen\"}]}]");
    edge.says(
        "/api/nodes/mini-m1/models/load",
        "{\"accepted\": false, \"node\": \"mini-m1\", \"message\": \"does not fit\"}");

    assertThat(edge.run(new LoadCommand(), "qwen", "--node", "mini-m1")).isEqualTo(1);

    assertThat(edge.out()).contains("mini-m1: refused: does not fit");
  }

  @Test
  void tellsEveryMachineThatHasTheModel() {
    edge.says(
            "/api/nodes",
            """
            [{"name": "a", "models": [{"id": "qwen"}]}, {"name": "b", "models": []},
             {"name": "c", "models": [{"id": "qwen"}]}]
            """)
        .says("/api/nodes/a/models/pin", DONE)
        .says("/api/nodes/c/models/pin", DONE);

    assertThat(edge.run(new PinCommand(), "qwen")).isZero();

    assertThat(edge.asked)
        .contains(
            "POST /api/nodes/a/models/pin {\"model\":\"qwen\"}",
            "POST /api/nodes/c/models/pin {\"model\":\"qwen\"}")
        .noneMatch(asked -> asked.contains("/b/"));
  }

  @Test
  void aPartOfTheNameWillDoWhereOnlyOneModelHasIt() {
    edge.says(
            "/api/nodes",
            """
            [{"name": "a", "models": [{"id": "x/Qwen3-4B-4bit"}, {"id": "x/Qwen3-4B-8bit"}]}]
            """)
        .says("/api/nodes/a/models/unload", DONE);

    assertThat(edge.run(new UnloadCommand(), "qwen3-4b-8")).isZero();
    assertThat(edge.asked)
        .contains("POST /api/nodes/a/models/unload {\"model\":\"x/Qwen3-4B-8bit\"}");
    assertThat(edge.run(new UnloadCommand(), "qwen3-4b")).isEqualTo(1);
    assertThat(edge.err())
        .contains("qwen3-4b may be each of these, say which: x/Qwen3-4B-4bit, x/Qwen3-4B-8bit");
  }

  @Test
  void aPartOfTheNameWillDoOnOneMachineToo() {
    edge.says(
            "/api/nodes",
            """
            [{"name": "a", "models": [{"id": "x/Qwen3-4B"}, {"id": "x/Qwen3-8B"}]},
             {"name": "b", "models": [{"id": "x/Qwen3-4B"}]}]
            """)
        .says("/api/nodes/b/models/unload", DONE);

    assertThat(edge.run(new UnloadCommand(), "qwen3", "--node", "b")).isZero();
    assertThat(edge.asked).contains("POST /api/nodes/b/models/unload {\"model\":\"x/Qwen3-4B\"}");
    assertThat(edge.run(new UnloadCommand(), "qwen3-8b", "--node", "b")).isEqualTo(1);
    assertThat(edge.run(new UnloadCommand(), "qwen3-8b", "--node", "c")).isEqualTo(1);
    assertThat(edge.err())
        .contains("b does not have the model qwen3-8b")
        .contains("no machine is called c; see ./broke nodes");
  }

  @Test
  void unpinsAndUnloads() {
    edge.says("/api/nodes", "[{\"name\": \"a\", \"models\": [{\"id\": \"qwen\"}]}]");
    edge.says("/api/nodes/a/models/unpin", DONE).says("/api/nodes/a/models/unload", DONE);

    assertThat(edge.run(new PinCommand(), "--off", "qwen", "--node", "a")).isZero();
    assertThat(edge.run(new UnloadCommand(), "qwen", "--node", "a")).isZero();
  }

  @Test
  void saysThatNobodyHasTheModel() {
    edge.says("/api/nodes", "[]");

    assertThat(edge.run(new UnloadCommand(), "qwen")).isEqualTo(1);

    assertThat(edge.err()).contains("no machine has the model qwen; see ./broke models");
  }
}
