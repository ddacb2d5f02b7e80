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
        .contains(
            "would be: qwen-32b on studio-m2 (premium), risk 0.20 green; expected first token")
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
        {"request": "req-1",
         "summary": {"state": "completed", "model": "qwen-32b", "node": "studio-m2",
           "tier": "premium", "qualityTemperature": 0.2},
         "events": [{"type": "completed", "at": "2026-11-21T10:00:00Z",
          "report": {"model": "qwen-32b", "node": "studio-m2", "totalMs": 9000}}]}
        """);

    assertThat(edge.run(new ExplainCommand(), "req-1")).isZero();

    assertThat(edge.out())
        .contains("request req-1: completed by qwen-32b on studio-m2 (premium), risk 0.20 green")
        .contains("attempt 2, decided: qwen-32b on studio-m2 (premium), risk 0.20 green; expected")
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
        .contains(
            "2026-11-21 10:00:00  decided                2  m on n by s, expected whole after 1.5 s")
        .contains("2026-11-21 10:00:01  started                -  on n")
        .anyMatch(line -> line.contains("from-the-future"))
        .anyMatch(line -> line.endsWith(", because it is asked for"))
        .anyMatch(line -> line.startsWith("m ") && line.endsWith("highest score"))
        .anyMatch(line -> line.contains("0.250 behind: no slot is free"))
        .contains(
            "attempt 2, decided: m on n (-) by s, risk -; expected first token after -, whole after"
                + " 1.5 s")
        .anyMatch(line -> line.startsWith("The router that decided this has forgotten it"))
        .contains("further candidates fell out: 3 × lower score");
  }

  @Test
  void tellsHowARequestBrokeForGoodAndWhatItsClientHad() throws JsonProcessingException {
    var document =
        Json.parse(
            """
            {"request": "r1",
             "summary": {"state": "failed", "error": "node_lost", "attempts": 2, "totalMs": 15300,
               "completionTokens": 34, "firstTokenMs": 184, "tier": "basic"},
             "events": [
              {"type": "received", "at": "2026-11-21T10:00:00Z",
               "facts": {"model": "auto", "promptTokens": 9, "wishes": {"tier": "premium"}}},
              {"type": "failed", "at": "2026-11-21T10:00:01Z",
               "report": {"attempt": {"number": 1}, "node": "studio-m2", "error": "node_lost",
                 "totalMs": 900, "usage": {"completionTokens": 34}}},
              {"type": "refused", "at": "2026-11-21T10:00:02Z", "attempt": {"number": 2},
               "reason": "NO_NODE", "message": "no node is up"},
              {"type": "failed", "at": "2026-11-21T10:00:03Z",
               "report": {"attempt": {"number": 3}, "error": "node_lost", "totalMs": 15300,
                 "usage": {"completionTokens": 34}}}]}
            """);

    assertThat(StoredRequest.render(document, ZoneOffset.UTC).lines())
        .anyMatch(
            line ->
                line.startsWith("request r1: failed after 15.3 s: node_lost")
                    && line.endsWith("34 tokens had been made, the first after 184 ms; 2 attempts"))
        .contains("the tier premium was asked for, and basic answered")
        .anyMatch(line -> line.endsWith("1  studio-m2: node_lost after 900 ms, 34 tokens made"))
        .anyMatch(line -> line.endsWith("2  no place: no node is up (no_node)"))
        .anyMatch(line -> line.contains("given up without a node after 15.3 s"));
  }

  @Test
  void saysWhatMovedARequestAndWhichAttemptWasDropped() throws JsonProcessingException {
    var document =
        Json.parse(
            """
            {"request": "r1", "summary": {"state": "completed"}, "events": [
              {"type": "decided", "at": "2026-11-21T10:00:00Z", "attempt": {"number": 1},
               "placement": {"model": "m", "node": "a"}, "best": []},
              {"type": "handed-over", "at": "2026-11-21T10:00:01Z",
               "report": {"attempt": {"number": 1}, "node": "a", "error": "first_token_late"}},
              {"type": "handed-over", "at": "2026-11-21T10:00:01Z",
               "report": {"attempt": {"number": 2}, "node": "b", "error": "node_leaving",
                 "usage": {"completionTokens": 7}}},
              {"type": "decided", "at": "2026-11-21T10:00:02Z", "attempt": {"number": 4},
               "placement": {"model": "m", "node": "d"}, "best": []},
              {"type": "completed", "at": "2026-11-21T10:00:03Z",
               "report": {"attempt": {"number": 3}, "model": "m", "node": "c", "last": true,
                 "resumed": "PREFILL"}},
              {"type": "rated", "at": "2026-11-21T10:00:04Z", "score": 5, "outcome": true}]}
            """);

    assertThat(StoredRequest.render(document, ZoneOffset.UTC).lines())
        .anyMatch(line -> line.contains("no first token from a yet, another node is quicker"))
        .anyMatch(line -> line.contains("b is leaving or drained; it goes on elsewhere, 7 tokens"))
        .anyMatch(line -> line.contains("m on c (went on by prefill)"))
        .anyMatch(line -> line.endsWith("was dropped: attempt 3 gave the answer)"))
        .anyMatch(line -> line.endsWith("an agent saw it succeed"));
  }
}
