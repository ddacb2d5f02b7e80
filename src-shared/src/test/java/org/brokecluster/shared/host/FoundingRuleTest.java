package org.brokecluster.shared.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.brokecluster.shared.host.FoundingRule.Answer;
import org.brokecluster.shared.host.FoundingRule.Other;
import org.brokecluster.shared.host.FoundingRule.Step;
import org.junit.jupiter.api.Test;

class FoundingRuleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  @Test
  void aFounderWhoKnowsNobodyFounds() {
    assertThat(decide(false, 0)).isEqualTo(Step.FOUND);
    assertThat(decide(true, 0)).isEqualTo(Step.FOUND);
  }

  @Test
  void aSingleCoordinatorWaitsForTheSilentOnlySoLong() {
    assertThat(decide(false, 0, node(Answer.SILENT))).isEqualTo(Step.WAIT);
    assertThat(decide(false, 8, node(Answer.SILENT))).isEqualTo(Step.FOUND);
    assertThat(decide(false, 0, node(Answer.REFUSES))).isEqualTo(Step.FOUND);
  }

  @Test
  void whoAnswersIsJoined() {
    assertThat(decide(false, 9, node(Answer.SILENT), node(Answer.ANSWERS)))
        .isEqualTo(Step.JOIN_OR_FOUND);
    assertThat(decide(true, 0, coordinator(Answer.ANSWERS), coordinator(Answer.SILENT)))
        .isEqualTo(Step.JOIN_OR_FOUND);
    assertThat(decide(true, 0, coordinator(Answer.REFUSES), node(Answer.ANSWERS)))
        .isEqualTo(Step.JOIN_OR_FOUND);
  }

  @Test
  void oneOfThreeNeverFoundsWhileTheOthersMayGoOnWithoutIt() {
    assertThat(decide(true, 3_600, coordinator(Answer.SILENT), coordinator(Answer.SILENT)))
        .isEqualTo(Step.JOIN_ONLY);
    assertThat(decide(true, 3_600, coordinator(Answer.SILENT), coordinator(Answer.REFUSES)))
        .isEqualTo(Step.JOIN_ONLY);
    assertThat(decide(true, 3_600, coordinator(Answer.SILENT), node(Answer.ANSWERS)))
        .isEqualTo(Step.JOIN_ONLY);
  }

  @Test
  void oneOfThreeFoundsWhenTheOthersSurelyDoNotRun() {
    assertThat(decide(true, 0, coordinator(Answer.REFUSES), coordinator(Answer.REFUSES)))
        .isEqualTo(Step.FOUND);
    assertThat(decide(true, 0, coordinator(Answer.REFUSES), node(Answer.SILENT)))
        .isEqualTo(Step.FOUND);
  }

  private static Other coordinator(Answer answer) {
    return new Other("10.0.0.2:25520", true, answer);
  }

  private static Other node(Answer answer) {
    return new Other("10.0.0.9:25520", false, answer);
  }

  private static Step decide(boolean three, int silentSeconds, Other... others) {
    return FoundingRule.decide(three, List.of(others), Duration.ofSeconds(silentSeconds), PATIENCE);
  }
}
