package org.brokecluster.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnderstandingVerbsTest {
  private static final String DECISION =
      """
      {"placement": {"model": "qwen-32b", "node": "studio-m2", "tier": "premium",
         "strategy": "balanced", "qualityTemperature": 0.2, "firstTokenMs": 420,
         "finishMs": 9300},
       "profile": {"promptComplexity": 0.71, "answerComplexity": 0.6, "answerTokens": 400,
         "basis": "phrases", "evidence": "refactor"},
       "candidates": [
         {"model": "qwen-32b", "node": "studio-m2", "score": 0.91, "quality": 0.8,
          "firstTokenMs": 420, "finishMs": 9300, "note": "chosen"},
         {"model": "qwen-4b", "node": "mini-m1", "score": 0.4, "quality": 0.3,
          "firstTokenMs": 90, "finishMs": 65000, "note": "tier too low"}],
       "lost": {"DRAINING": 2}}
      """;

  private final FakeEdge edge = new FakeEdge();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void showsWhereAPromptWouldGoAndWhy() {
    edge.says("/api/routes", DECISION);

    int code = edge.run(new RouteCommand(), "--strategy", "balanced", "Refactor this");

    assertThat(code).isZero();
    assertThat(edge.out())
        .contains("would go to qwen-32b on studio-m2 (premium, strategy balanced)")
        .contains("complexity 0.71")
        .contains("refactor (phrases)")
        .contains("qwen-4b   mini-m1     0.40     0.30        90 ms  1 min 5 s  tier too low")
        .contains("further candidates fell out: 2 × DRAINING");
    assertThat(edge.asked)
        .singleElement()
        .asString()
        .contains("\"broke\":{\"strategy\":\"balanced\"}");
  }

  @Test
  void saysWhyAPromptWouldGoNowhere() throws JsonProcessingException {
    var answer = Json.parse("{\"refused\": \"NO_NODE\", \"candidates\": []}");

    assertThat(RouteCommand.render(answer)).contains("nowhere: NO_NODE").contains("no candidate");
  }

  @Test
  void explainsEveryAttempt() {
    edge.says(
        "/api/requests/req-1/explain",
        "{\"request\": \"req-1\", \"state\": \"completed\", \"attempts\": [" + DECISION + "]}");

    assertThat(edge.run(new ExplainCommand(), "req-1")).isZero();

    assertThat(edge.out())
        .contains("request req-1: completed")
        .contains("qwen-32b on studio-m2")
        .contains("tier too low");
  }

  @Test
  void showsEventsInAFewWords() throws JsonProcessingException {
    var page =
        Json.parse(
            """
            {"events": [
              {"number": 7, "event": {"type": "decided", "at": "2026-11-21T10:00:00.123Z",
                "attempt": {"request": "r1", "number": 2},
                "placement": {"model": "m", "node": "n", "strategy": "s", "finishMs": 1500}}},
              {"number": 8, "type": "node-changed", "at": "2026-11-21T10:00:01Z", "node": "n",
               "change": "left"},
              {"number": 9, "type": "from-the-future", "at": "2026-11-21T10:00:02Z"}]}
            """);

    var text = HistoryCommand.render(page, ZoneOffset.UTC);

    assertThat(text.lines())
        .anyMatch(
            line ->
                line.contains("2026-11-21 10:00:00.123  decided")
                    && line.endsWith("r1/2     m on n by s, finished after 1.5 s"))
        .anyMatch(line -> line.endsWith("n left"))
        .anyMatch(line -> line.contains("from-the-future"));
  }

  @Test
  void asksForTheWishedPage() {
    edge.says("/api/history?limit=3&before=70", "[]");

    assertThat(edge.run(new HistoryCommand(), "--limit", "3", "--before", "70")).isZero();

    assertThat(edge.out().strip()).isEqualTo("nothing has happened yet");
  }

  @ParameterizedTest
  @CsvSource({"identical,0", "differs at 4,1", "not comparable,0"})
  void failsOnlyWhenTheHistoryDiffers(String result, int code) {
    edge.says(
        "/api/replay", "{\"result\": \"" + result + "\", \"events\": 5000, \"checkpoints\": 5}");

    assertThat(edge.run(new ReplayCommand())).isEqualTo(code);

    assertThat(edge.out()).startsWith(result + ": 5000 events, 5 checkpoints compared");
  }
}
