package org.brokecluster.coordinator.routing.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.brokecluster.coordinator.routing.profile.PromptText.Message;
import org.brokecluster.coordinator.routing.profile.PromptText.Role;
import org.brokecluster.protocol.router.Profile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhraseEstimatorTest {
  private static final double BALANCED_FROM = 0.35;
  private static final double PREMIUM_FROM = 0.65;

  private final ComplexityEstimator estimator = new PhraseEstimator();

  @ParameterizedTest
  @MethodSource("org.brokecluster.coordinator.routing.NamedTasks#all")
  void routesTheNamedTasksToTheirTier(String tier, String prompt) {
    var profile = estimate(prompt);

    assertThat(tierOf(profile)).as(profile.evidence()).isEqualTo(tier);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          basic    | Write unit tests for the performance of the optimizer
          premium  | Review this code for security vulnerabilities
          balanced | Generate test data for the API integration
          basic    | What is the performance like?
          """)
  void letsTheMoreSpecificPhraseWin(String tier, String prompt) {
    assertThat(tierOf(estimate(prompt))).isEqualTo(tier);
  }

  @Test
  void keepsTheTierOfANamedTaskHoweverLongTheText() {
    var code = "```java\n" + "int bottleneck = audit(security);\n".repeat(2_000) + "```";

    assertThat(tierOf(estimate("Write unit tests for this class.\n" + code))).isEqualTo("basic");
    assertThat(tierOf(estimate(code + "\nReview this code"))).isEqualTo("balanced");
  }

  @Test
  void ratesLongCodeWithReasoningAboveAShortRemark() {
    var hard =
        "Why does the invariant hold, because of which constraint? Compare both trade-offs. "
            + "Evaluate the consequence of each assumption, then give the theorem and its matrix. "
            + "for (int i = 0; i < n; i++) { a[i] = b[i]; } ".repeat(60);

    assertThat(estimate(hard).promptComplexity())
        .isGreaterThan(estimate("The weather was nice today.").promptComplexity() + 0.25);
  }

  @Test
  void tellsCodeFromProse() {
    assertThat(estimate("```\nfn main() { println!(\"hi\"); }\n```").languageBias())
        .isLessThan(0.3);
    assertThat(estimate("The river runs through an old town.").languageBias()).isEqualTo(1);
  }

  @Test
  void namesTheSubjects() {
    var profile = estimate("Write a SQL query, run it from Python with pandas and numpy");

    assertThat(profile.domains()).containsKeys("sql", "python");
    assertThat(profile.domains().get("python")).isGreaterThan(0.9);
  }

  @Test
  void expectsAsManyTokensAsTheUserAsksFor() {
    assertThat(estimate("Write an essay of 1000 words about rivers").answerTokens())
        .isEqualTo(1400);
    assertThat(estimate("Explain briefly who Ada Lovelace was").answerTokens()).isLessThan(100);
    assertThat(estimate("Translate this into German: " + "word ".repeat(2_000)).answerTokens())
        .isBetween(2_000, 4_096);
  }

  @Test
  void judgesTheLastMessageOfTheUser() {
    var text =
        PromptText.of(
            List.of(
                new Message(Role.SYSTEM, "You do security analysis of code."),
                new Message(Role.USER, "Design the architecture of a bank"),
                new Message(Role.ASSISTANT, "Done."),
                new Message(Role.USER, "Translate this into German")));

    assertThat(tierOf(estimator.estimate(text))).isEqualTo("basic");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void givesEveryTextTheSameValidProfileEachTime(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      var text = noise(random);
      assertThat(estimate(text)).isEqualTo(estimate(text));
    }
  }

  @Test
  void neverShowsTheText() {
    var text = PromptText.ofUser("my secret plan");

    assertThat(text).hasToString("PromptText[1 messages, 14 chars]");
    assertThat(text.messages().toString()).doesNotContain("secret");
    assertThat(estimate("translate my secret plan into German").evidence())
        .doesNotContain("secret");
  }

  private Profile estimate(String prompt) {
    return estimator.estimate(PromptText.ofUser(prompt));
  }

  private static String tierOf(Profile profile) {
    double complexity = profile.promptComplexity();
    return complexity < BALANCED_FROM
        ? "basic"
        : complexity < PREMIUM_FROM ? "balanced" : "premium";
  }

  private static String noise(Random random) {
    var text = new StringBuilder();
    int length = random.nextInt(8_000);
    for (int i = 0; i < length; i++) {
      text.append(
          (char) (random.nextInt(10) == 0 ? random.nextInt(0xD7FF) : 32 + random.nextInt(95)));
    }
    return text.toString();
  }
}
