package org.brokecluster.coordinator.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a drill's requests experienced, told by when they were under way. */
class DrillReportTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void tellsApartWhatWasUnderWayBeforeDuringAndAfter() {
    var report =
        report(
            whole(0, 1, false),
            whole(1, 2, false),
            whole(9, 11, false),
            whole(19, 21, false),
            whole(21, 22, false));

    assertThat(phase(report, 0).path("requests").asInt()).isEqualTo(2);
    assertThat(phase(report, 1).path("requests").asInt()).isEqualTo(2);
    assertThat(phase(report, 2).path("requests").asInt()).isEqualTo(1);
  }

  @Test
  void countsWhatWasRescuedRetriedSlowedAndFailed() {
    var retried = begun(11 * SECOND, 2);
    answer(retried, 11, 16);
    var broken = begun(12 * SECOND, 1);
    broken.accept("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}", 13 * SECOND);
    broken.accept("data: {\"error\":{\"message\":\"it broke\"}}", 14 * SECOND);

    var report = report(whole(0, 2, false), whole(11, 13, true), retried, broken);

    var during = phase(report, 1);
    assertThat(during.path("answered").asInt()).isEqualTo(2);
    assertThat(during.path("rescued").asInt()).isEqualTo(1);
    assertThat(during.path("retried").asInt()).isEqualTo(1);
    assertThat(during.path("slowed").asInt()).isEqualTo(1);
    assertThat(during.path("failed").asInt()).isEqualTo(1);
    assertThat(during.path("longestSilenceMs").asLong()).isEqualTo(5_000);
    assertThat(report.path("failures").get(0).asText()).isEqualTo("it broke");
    assertThat(DrillReport.render(report)).contains("before", "during", "after", "it broke");
  }

  @Test
  void countsWhatWasRetriedAlsoWhereTheHeadersWentOutBefore() {
    var retried = ended(begun("", 11, 0), 14, 2);
    var rescued = begun("", 11, 0);
    rescued.accept(": the answer broke off (node_lost), it goes on", 12 * SECOND);
    rescued.accept(": the answer goes on: node mini, model m, by prefill", 12 * SECOND);

    var report = report(whole(0, 2, false), retried, ended(rescued, 14, 2));

    assertThat(phase(report, 1).path("retried").asInt()).isEqualTo(1);
    assertThat(phase(report, 1).path("rescued").asInt()).isEqualTo(1);
    assertThat(report.path("requests").get(1).path("node").asText()).isEqualTo("mini");
    assertThat(report.path("requests").get(2).path("node").asText()).isEmpty();
  }

  @Test
  void saysWhetherTheMachineWasInTheMiddleOfAnAnswer() {
    var elsewhere = new TimedAnswer(9 * SECOND);
    elsewhere.begins("mini", 1);
    answer(elsewhere, 9, 12);

    var idle = report(whole(0, 2, false), elsewhere, whole(11, 12, false));
    assertThat(idle.path("streamsHit").asInt()).isZero();
    assertThat(DrillReport.render(idle)).contains("no rescue was tried", "--streams");

    var busy = report(whole(9, 12, true));
    assertThat(busy.path("streamsHit").asInt()).isEqualTo(1);
    assertThat(DrillReport.render(busy)).doesNotContain("no rescue was tried");
  }

  @Test
  void anAnswerWithoutItsEndCountsAsFailed() {
    var story = begun(0, 1);
    story.accept("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}", SECOND);

    assertThat(story.answered()).isFalse();
    assertThat(story.failure()).contains("ended before the answer did");
  }

  private static TimedAnswer begun(long nanos, int attempts) {
    return begun("studio", nanos / SECOND, attempts);
  }

  private static TimedAnswer begun(String node, long from, int attempts) {
    var answer = new TimedAnswer(from * SECOND);
    answer.begins(node, attempts);
    return answer;
  }

  /** With the end of a stream that tells who gave it, at the mini. */
  private static TimedAnswer ended(TimedAnswer story, long to, int attempts) {
    story.accept("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}", to * SECOND);
    story.accept("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}", to * SECOND);
    story.accept(
        "data: {\"choices\":[],\"usage\":{},\"broke\":{\"node\":\"mini\",\"attempts\":"
            + attempts
            + "}}",
        to * SECOND);
    story.accept("data: [DONE]", to * SECOND);
    return story;
  }

  private static JsonNode report(TimedAnswer... stories) {
    return new DrillReport(List.of(stories), "studio", 10 * SECOND, 20 * SECOND).json();
  }

  private static JsonNode phase(JsonNode report, int number) {
    return report.path("phases").get(number);
  }

  private static TimedAnswer whole(long from, long to, boolean rescued) {
    var story = begun(from * SECOND, 1);
    if (rescued) {
      story.accept(": the answer goes on: node mini, model m, by prefill", from * SECOND);
    }
    answer(story, from, to);
    return story;
  }

  private static void answer(TimedAnswer story, long from, long to) {
    story.accept("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}", from * SECOND);
    story.accept("data: {\"choices\":[{\"delta\":{\"content\":\"b\"}}]}", to * SECOND);
    story.accept("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}", to * SECOND);
    story.accept("data: [DONE]", to * SECOND);
  }
}
