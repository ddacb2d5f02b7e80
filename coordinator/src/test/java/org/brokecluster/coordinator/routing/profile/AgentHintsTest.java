package org.brokecluster.coordinator.routing.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Wishes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What agents say of their calls. */
class AgentHintsTest {
  private static final Profile PROFILE =
      new Profile(0.5, 0.4, 0.6, 0.5, Map.of(), 0.2, 0.1, 400, 100, 1_000, "trained", "like code");

  private static Profile applied(
      @Nullable String action, @Nullable Integer depth, @Nullable Double score) {
    var wishes =
        new Wishes(
            null,
            null,
            null,
            action,
            "tester",
            "crewai",
            depth,
            score,
            null,
            null,
            TrafficClass.AGENT,
            List.of());
    return AgentHints.applied(PROFILE, wishes);
  }

  @Test
  void changesNothingForThoseWhoSayNothing() {
    assertThat(AgentHints.applied(PROFILE, Wishes.NONE)).isSameAs(PROFILE);
    assertThat(applied("chat", 1, null)).isSameAs(PROFILE);
  }

  @Test
  void saysThatAnActionItDoesNotKnowMovesNothing() {
    var unknown = applied("some free text of the client", 1, null);

    assertThat(unknown.promptComplexity()).isEqualTo(PROFILE.promptComplexity());
    assertThat(unknown.answerTokens()).isEqualTo(PROFILE.answerTokens());
    assertThat(unknown.evidence()).contains("+0.00, its action is not one that is known");
    assertThat(unknown.evidence()).doesNotContain("free text");
  }

  @Test
  void takesPlanningForHarderAndSortingForEasier() {
    var plan = applied("Plan", null, null);
    var extract = applied("extract", null, null);

    assertThat(plan.promptComplexity()).isEqualTo(0.62);
    assertThat(plan.taskComplexity()).isEqualTo(0.72);
    assertThat(plan.answerTokens()).isEqualTo(480);
    assertThat(extract.promptComplexity()).isEqualTo(0.38);
    assertThat(extract.answerTokens()).isEqualTo(160);
    assertThat(extract.answerTokensHigh()).isEqualTo(400);
    assertThat(extract.evidence()).startsWith("like code").contains("-0.12");
  }

  @Test
  void expectsLessOfDeeperAgentsDownToABound() {
    assertThat(applied(null, 2, null).answerTokens()).isEqualTo(360);
    assertThat(applied(null, 1_000, null)).isEqualTo(applied(null, 5, null));
    assertThat(applied(null, 1_000, null).promptComplexity()).isEqualTo(0.42);
  }

  @Test
  void asksForMoreAfterABadAnswer() {
    assertThat(applied(null, null, 0.0).promptComplexity()).isEqualTo(0.6);
    assertThat(applied(null, null, 1.0).promptComplexity()).isEqualTo(0.4);
    assertThat(applied(null, null, 0.5)).isSameAs(PROFILE);
  }

  @Test
  void neverRepeatsWhatAClientWrote() {
    assertThat(applied("fix", 3, 0.2).evidence()).doesNotContain("fix").doesNotContain("tester");
  }
}
