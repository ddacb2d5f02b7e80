package org.brokecluster.coordinator.cli.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.ZoneOffset;
import org.brokecluster.coordinator.cli.client.FakeEdge;
import org.brokecluster.coordinator.cli.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryVerbsTest {
  private final FakeEdge edge = new FakeEdge();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void showsRequestsNewestFirstAndWhereToGoOn() throws JsonProcessingException {
    var page =
        Json.parse(
            """
            {"items": [
              {"request": "r2", "at": "2026-11-21T10:00:00.123Z", "state": "completed",
               "modelAsked": "auto", "model": "qwen-4b", "node": "mini-m1", "attempts": 2,
               "completionTokens": 77, "firstTokenMs": 90, "totalMs": 1500},
              {"request": "r1", "at": "2026-11-21T09:00:00Z", "state": "refused",
               "error": "queue full"}],
             "next": "abc"}
            """);

    assertThat(HistoryCommand.render(page, ZoneOffset.UTC, "").lines())
        .anyMatch(line -> line.endsWith("qwen-4b  mini-m1      77  90 ms  1.5 s  2 attempts"))
        .anyMatch(line -> line.startsWith("2026-11-21 09:00:00  r1") && line.endsWith("queue full"))
        .contains("older ones: the same with --before abc");
  }

  @Test
  void asksForTheWishedPage() {
    edge.says("/api/history?limit=3&before=a%2Fb", "{\"items\": []}");

    assertThat(edge.run(new HistoryCommand(), "--limit", "3", "--before", "a/b")).isZero();

    assertThat(edge.out().strip()).isEqualTo("there are no older requests");
  }

  @Test
  void saysWhatAnEmptyHistoryMeans() {
    edge.says("/api/history?limit=20", "{\"items\": []}")
        .says("/api/history?limit=20&user=ada&rescued=true", "{\"items\": []}");

    assertThat(edge.run(new HistoryCommand())).isZero();
    assertThat(edge.run(new HistoryCommand(), "--user", "ada", "--rescued")).isZero();

    assertThat(edge.out().lines())
        .containsExactly(
            "nobody has asked for anything yet: ./broke chat \"Why is the sky blue?\"",
            "no request matches; all of them: ./broke history");
  }

  @Test
  void doesNotDoOneOfTwoThingsThatWereSaid() {
    assertThat(edge.run(new HistoryCommand(), "--by", "node", "--export", "csv")).isEqualTo(2);
    assertThat(edge.run(new HistoryCommand(), "--attempts")).isEqualTo(2);

    assertThat(edge.asked).isEmpty();
  }

  @Test
  void forgetsAPersonWhoseNameHasABlank() {
    edge.says("/api/history/users/Ada%20Lovelace", "{\"forgotten\": 2}");

    assertThat(edge.run(new HistoryCommand(), "--forget", "Ada Lovelace")).isZero();

    assertThat(edge.out()).contains("forgotten: ids=2");
  }

  @ParameterizedTest
  @CsvSource({"identical,0", "differs at 4,1", "not comparable,0"})
  void failsOnlyWhenTheHistoryDiffers(String result, int code) {
    edge.says(
        "/api/replay",
        "{\"result\": \""
            + result
            + "\", \"message\": \"why\", \"terms\": [{\"term\": 3, \"events\": 5000}]}");

    assertThat(edge.run(new ReplayCommand())).isEqualTo(code);

    assertThat(edge.out()).startsWith(result + ": why").contains("5000");
  }

  @Test
  void showsFiguresOfAttemptsWithThoseThatBroke() {
    edge.says(
        "/api/history/summary?by=node&of=attempts&model=qwen",
        """
        {"by": "node", "of": "attempts",
         "total": {"attempts": 5, "completed": 3, "failed": 1, "handedOver": 1, "cancelled": 0},
         "groups": [{"name": "mini-m1", "attempts": 2, "share": 0.4, "completed": 1, "failed": 1,
           "handedOver": 0, "cancelled": 0, "tookMs": {"p50": 1500, "p95": 2500},
           "tokensPerSecond": 18.2}]}
        """);

    assertThat(edge.run(new HistoryCommand(), "--by", "node", "--attempts", "--model", "qwen"))
        .isZero();

    assertThat(edge.out().lines())
        .anyMatch(line -> line.matches("mini-m1 +2 +40 % +1 +1 +0 +0 +1.5 s +2.5 s +18.2.*"))
        .anyMatch(line -> line.startsWith("all") && line.contains("5"));
  }
}
