package org.brokecluster.coordinator.cli.ask;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.ZoneOffset;
import org.brokecluster.coordinator.cli.client.FakeEdge;
import org.brokecluster.coordinator.cli.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnderstandingVerbsTest {
  private static final String DECISION =
      """
      {"request": "req-1", "attempt": 2, "outcome": "chosen", "message": "qwen-32b on studio-m2",
       "profile": {"promptComplexity": 0.71, "basis": "phrases", "evidence": "refactor"},
       "asked": {"model": "auto", "targetTier": "premium", "complexity": 0.71,
         "strategy": "balanced"},
       "chosen": {"model": "qwen-32b", "node": "studio-m2", "tier": "premium",
         "qualityTemperature": 0.2, "qualityColor": "green", "firstTokenMs": 420,
         "finishMs": 9300},
       "candidates": [
         {"model": "qwen-32b", "node": "studio-m2", "state": "loaded", "score": 0.91,
          "quality": 0.2, "firstTokenMs": 420, "finishMs": 9300, "why": "chosen"},
         {"model": "qwen-4b", "node": "mini-m1", "state": "loaded", "score": 0.4,
          "quality": 0.7, "firstTokenMs": 90, "finishMs": 65000,
          "why": "0.510 behind, most in quality"}],
       "omitted": 0, "lost": {"draining": 2},
       "whatWouldFlip": "if qwen-4b were loaded on studio-m2"}
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
        .contains("would be: qwen-32b on studio-m2 (premium), first token after 420 ms")
        .contains("complexity 0.71, so the target is premium (phrases: refactor)")
        .contains("would have won if qwen-4b were loaded on studio-m2")
        .contains("qwen-4b   mini-m1    loaded   0.40  0.70   90 ms  1 min 5 s  0.510 behind")
        .contains("further candidates fell out: 2 × the node takes no new work");
    assertThat(edge.asked)
        .singleElement()
        .asString()
        .contains("\"broke\":{\"strategy\":\"balanced\"}");
  }

  @Test
  void saysWhyAPromptWouldGoNowhere() throws JsonProcessingException {
    var answer =
        Json.parse(
            "{\"outcome\": \"refused\", \"message\": \"no node is up\", \"candidates\": []}");

    assertThat(RouteCommand.render(answer))
        .contains("refused: no node is up")
        .contains("no candidate");
  }

  @Test
  void explainsTheLastDecision() {
    edge.says("/api/requests/req-1/explain", DECISION);
    edge.says(
        "/api/requests/req-1",
        """
        {"events": [{"type": "completed", "at": "2026-11-21T10:00:00Z",
          "report": {"model": "qwen-32b", "node": "studio-m2", "totalMs": 9000}}]}
        """);

    assertThat(edge.run(new ExplainCommand(), "req-1")).isZero();

    assertThat(edge.out())
        .contains("request req-1, attempt 2: qwen-32b on studio-m2")
        .contains("0.510 behind, most in quality")
        .contains("completed  qwen-32b on studio-m2");
  }

  @Test
  void explainsAlsoWhereTheHistoryCannotBeAsked() {
    edge.says("/api/requests/req-1/explain", DECISION);

    assertThat(edge.run(new ExplainCommand(), "req-1")).isZero();

    assertThat(edge.out()).contains("qwen-32b on studio-m2").contains("cannot be told");
  }

  @Test
  void explainsFromTheHistoryWhatTheRouterHasForgotten() throws JsonProcessingException {
    var document =
        Json.parse(
            """
            {"request": "r1", "summary": {}, "events": [
              {"number": 7, "event": {"type": "decided", "at": "2026-11-21T10:00:00.123Z",
                "attempt": {"request": "r1", "number": 2},
                "placement": {"model": "m", "node": "n", "strategy": "s", "finishMs": 1500},
                "byPlan": {"at": "2026-11-21T09:00:00Z", "why": "it is asked for"},
                "best": [{"model": "m", "node": "n", "score": 0.5, "note": "chosen"},
                  {"model": "k", "node": "n", "score": 0.25, "note": "no-room"}],
                "lost": {"outscored": 3}}},
              {"number": 8, "type": "started", "at": "2026-11-21T10:00:01Z", "node": "n"},
              {"number": 9, "type": "from-the-future", "at": "2026-11-21T10:00:02Z"}]}
            """);

    assertThat(StoredRequest.render(document, ZoneOffset.UTC).lines())
        .contains("2026-11-21 10:00:00  decided          m on n by s, whole after 1.5 s")
        .contains("2026-11-21 10:00:01  started          on n")
        .anyMatch(line -> line.contains("from-the-future"))
        .anyMatch(line -> line.endsWith(", because it is asked for"))
        .anyMatch(line -> line.startsWith("m ") && line.endsWith("highest score"))
        .anyMatch(line -> line.contains("0.250 behind: no slot is free"))
        .contains("attempt 2: m on n by s, whole after 1.5 s")
        .contains("further candidates fell out: 3 × lower score");
  }
}
