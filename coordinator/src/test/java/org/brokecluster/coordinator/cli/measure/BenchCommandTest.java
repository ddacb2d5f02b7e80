package org.brokecluster.coordinator.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import org.brokecluster.coordinator.cli.client.FakeEdge;
import org.brokecluster.coordinator.cli.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
  private static final String NODE =
      """
      {"name": "a", "state": "up", "chip": "M2 Ultra", "memoryBytes": 68719476736,
       "running": %d, "queued": 0,
       "models": [{"id": "qwen", "state": "loaded", "slots": 2}, {"id": "cold", "state": "disk"}]}
      """;
  private static final String ANSWER =
      """
      data: {"choices":[{"delta":{"role":"assistant","content":""}}]}

      data: {"choices":[{"delta":{"content":"one"}}]}

      data: {"choices":[{"delta":{"content":" two"}}]}

      data: {"choices":[{"delta":{},"finish_reason":"stop"}]}

      data: {"choices":[],"usage":{"prompt_tokens":500,"completion_tokens":20}}

      data: [DONE]

      """;

  private final FakeEdge edge = new FakeEdge();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void measuresEachLoadedModelAtEachLoadItHasSlotsFor() throws JsonProcessingException {
    edge.says("/api/nodes", "[" + NODE.formatted(0) + "]")
        .says("/api/nodes/a", NODE.formatted(0))
        .says("/v1/chat/completions", ANSWER);

    assertThat(edge.run(new BenchCommand(), "--json")).isZero();

    var results = Json.parse(edge.out());
    assertThat(results).hasSize(1);
    assertThat(results.get(0).path("model").asText()).isEqualTo("qwen");
    assertThat(results.get(0).path("levels")).hasSize(2);
    assertThat(results.get(0).path("levels").get(0).path("answers").asInt()).isEqualTo(3);
    assertThat(results.get(0).path("levels").get(1).path("streams").asInt()).isEqualTo(2);
    var asked = edge.asked.stream().filter(line -> line.contains("/v1/chat")).toList();
    assertThat(asked)
        .as("warm-up, three alone, two side by side")
        .hasSize(6)
        .doesNotHaveDuplicates();
    assertThat(edge.headersSeen)
        .containsEntry("X-broke-node", "a")
        .containsEntry("X-broke-class", "batch");
  }

  @Test
  void leavesAMachineAloneThatWorks() {
    edge.says("/api/nodes", "[" + NODE.formatted(0) + "]").says("/api/nodes/a", NODE.formatted(3));

    assertThat(edge.run(new BenchCommand(), "--node", "a")).isEqualTo(1);

    assertThat(edge.err()).contains("a has work (3 answers)").contains("--force");
    assertThat(edge.asked).noneMatch(asked -> asked.contains("/v1/chat"));
  }

  @Test
  void aMachineThatWorksDoesNotKeepTheOthersFromBeingMeasured() throws JsonProcessingException {
    var other = NODE.formatted(0).replace("\"a\"", "\"b\"");
    edge.says("/api/nodes", "[" + NODE.formatted(0) + "," + other + "]")
        .says("/api/nodes/a", NODE.formatted(3))
        .says("/api/nodes/b", other)
        .says("/v1/chat/completions", ANSWER);

    assertThat(edge.run(new BenchCommand(), "--json", "--streams", "1,9")).isEqualTo(1);

    var results = Json.parse(edge.out());
    assertThat(results.path(0).path("failure").asText()).startsWith("a has work (3 answers)");
    assertThat(results.path(1).path("levels")).hasSize(1);
  }

  @Test
  void saysWhenAModelHasTooFewSlots() {
    edge.says("/api/nodes", "[" + NODE.formatted(0) + "]").says("/api/nodes/a", NODE.formatted(0));

    assertThat(edge.run(new BenchCommand(), "--streams", "8")).isEqualTo(1);

    assertThat(edge.err()).contains("qwen on a answers 2 at a time: choose fewer with --streams");
  }

  @Test
  void saysWhenThereIsNothingToMeasure() {
    edge.says("/api/nodes", "[" + NODE.formatted(0) + "]");

    assertThat(edge.run(new BenchCommand(), "--model", "unheard-of")).isEqualTo(1);
    assertThat(edge.err()).contains("has the model unheard-of");
    assertThat(edge.run(new BenchCommand(), "--streams", "0")).isEqualTo(2);
  }

  @Test
  void doesNotTakeABrokenAnswerForAMeasurement() {
    edge.says("/api/nodes", "[" + NODE.formatted(0) + "]")
        .says("/api/nodes/a", NODE.formatted(0))
        .says("/v1/chat/completions", ANSWER)
        .thenSays("/v1/chat/completions", 200, ANSWER.replace("data: [DONE]", ""));

    assertThat(edge.run(new BenchCommand())).isEqualTo(1);

    assertThat(edge.err()).contains("1 of 1 answers of qwen on a failed");
  }

  @Test
  void countsTokensByUsageAndTimesThemByTheirEvents() {
    var stream = stream(0, 250, 1250, 500, 101);

    assertThat(stream.failure()).isNull();
    assertThat(stream.firstTokenMs()).hasValue(250);
    assertThat(stream.prefill()).hasValueCloseTo(2000.0, within(1e-6));
    assertThat(stream.decode()).hasValueCloseTo(100.0, within(1e-6));
  }

  @Test
  void joinsAnswersSideBySide() {
    var level =
        new BenchLevel(2, List.of(stream(0, 100, 1100, 10, 51), stream(0, 300, 1300, 10, 31)), 2);

    assertThat(level.decodeEach()).hasValueCloseTo(40.0, within(1e-6));
    assertThat(level.total()).hasValueCloseTo(41.0, within(1e-6));
    assertThat(level.firstTokenMs()).hasValue(300);
    assertThat(level.prefill()).as("only alone").isEmpty();
  }

  private static TimedAnswer stream(
      long startMs, long firstMs, long lastMs, int promptTokens, int tokens) {
    var stream = new TimedAnswer(startMs * 1_000_000);
    stream.accept("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}", firstMs * 1_000_000);
    stream.accept("data: {\"choices\":[{\"delta\":{\"content\":\"b\"}}]}", lastMs * 1_000_000);
    stream.accept(
        "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}", lastMs * 1_000_000);
    stream.accept(
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d}}"
            .formatted(promptTokens, tokens),
        lastMs * 1_000_000);
    stream.accept("data: [DONE]", lastMs * 1_000_000);
    return stream;
  }

  @Test
  void promptsAreOfTheWantedLengthAndNeverTheSame() {
    var first = BenchPrompt.of(1, 512);

    assertThat(first).isEqualTo(BenchPrompt.of(1, 512)).isNotEqualTo(BenchPrompt.of(2, 512));
    assertThat(first.split(" ")).hasSizeBetween(200, 240);
  }
}
