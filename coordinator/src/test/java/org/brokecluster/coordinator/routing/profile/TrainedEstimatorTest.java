package org.brokecluster.coordinator.routing.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.brokecluster.coordinator.routing.model.RiskScale;
import org.brokecluster.protocol.router.Profile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainedEstimatorTest {
  private final ComplexityEstimator estimator = Estimators.bundled();

  @Test
  void isWhatIsShipped() {
    assertThat(estimator).isInstanceOf(TrainedEstimator.class);
    assertThat(estimate("Who wrote Faust?").basis()).isEqualTo("trained");
  }

  @ParameterizedTest
  @MethodSource("org.brokecluster.coordinator.routing.NamedTasks#all")
  void keepsNamedTasksInTheirTier(String tier, String prompt) {
    double complexity = estimate(prompt).demand();

    assertThat(complexity < 0.35 ? "basic" : complexity < 0.65 ? "balanced" : "premium")
        .as("%s %s", complexity, estimate(prompt).evidence())
        .isEqualTo(tier);
  }

  @ParameterizedTest
  @MethodSource("org.brokecluster.coordinator.routing.NamedTasks#all")
  void thinksNoNamedTaskEasierThanItsName(String tier, String prompt) {
    var profile = estimate(prompt);

    if (profile.taskComplexity() != null && !profile.evidence().startsWith("quick-question")) {
      assertThat(profile.promptComplexity())
          .as(profile.evidence())
          .isGreaterThanOrEqualTo(profile.taskComplexity() - 0.0001);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "What is the capital of France?",
        "What is the difference between TCP and UDP?",
        "When did the second world war end?",
        "what is docker",
        "Hello, how are you?"
      })
  void takesAQuickQuestionForNeitherCertainNorRisky(String prompt) {
    var profile = estimate(prompt);

    assertThat(profile.taskComplexity()).isLessThan(0.25);
    assertThat(RiskScale.risk(profile.promptComplexity())).isBetween(0.1, 0.4);
  }

  @Test
  void namesNoTaskWhereTheModelIsSureOfAnExam() {
    var question = "Review the code of conduct: how much current flows through the resistor?";
    var exam =
        question
            + """

            A. 4.53 A
            B. 7.12 A
            C. 2.81 A
            D. 9.94 A
            E. 5.27 A
            F. 1.16 A
            G. 6.04 A
            H. 3.33 A
            I. 8.75 A
            J. 0.92 A\
            """;

    assertThat(estimate(question).taskComplexity()).isNotNull();
    assertThat(estimate(exam).taskComplexity()).isNull();
  }

  @Test
  void findsUniversityPhysicsHarderThanASchoolQuiz() {
    var school =
        """
        Which of these animals is a mammal?
        A. a shark
        B. a dolphin
        C. a frog
        D. a hen
        Answer:\
        """;
    var university =
        """
        A cascaded two-stage compressor takes in 25 ft^3/min of air at 14.7 psia and 80 F. For an \
        isentropic exponent of 1.4, calculate the power in kW that both stages need together.
        A. 4.53
        B. 7.12
        C. 2.81
        D. 9.94
        E. 5.27
        F. 1.16
        G. 6.04
        H. 3.33
        I. 8.75
        J. 0.92\
        """;

    assertThat(estimate(university).promptComplexity())
        .isGreaterThan(estimate(school).promptComplexity() + 0.25);
    assertThat(estimate(university).answerTokens())
        .isGreaterThan(2 * estimate(school).answerTokens());
    assertThat(estimate(university).reasoningChains())
        .isGreaterThan(estimate(school).reasoningChains());
  }

  @Test
  void tellsTheSubjectOfAnExam() {
    var law =
        estimate(
            """
            A landlord leased a warehouse to a tenant under a written agreement. The tenant assigned \
            the lease without consent, and the assignee stopped paying rent. In an action for breach \
            of covenant, the court will most likely hold that
            A. the tenant remains liable
            B. the assignee alone is liable
            C. neither is liable
            D. the covenant is void
            Answer:\
            """);

    assertThat(law.domains()).containsKey("law");
    assertThat(law.languageBias()).isGreaterThan(0.7);
  }

  @Test
  void saysHowFarTheLengthOfTheAnswerMayBeOff() {
    for (var prompt : List.of("Who wrote Faust?", "Write a poem about rain", "1+1", "")) {
      var profile = estimate(prompt);

      assertThat(profile.answerTokensLow()).isLessThanOrEqualTo(profile.answerTokens());
      assertThat(profile.answerTokensHigh()).isGreaterThanOrEqualTo(profile.answerTokens());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void givesEveryTextTheSameValidProfileEachTime(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      var text = hostile(random);
      assertThat(estimate(text)).isEqualTo(estimate(text));
    }
  }

  @Test
  void looksAtABoundedPartOfALongPrompt() {
    var head = "Explain the tides. ".repeat(200);
    var tail = " Now answer in one sentence.".repeat(60);

    assertThat(PromptText.ofUser(head + "x".repeat(5_000_000) + tail))
        .extracting(estimator::estimate)
        .extracting(Profile::languageBias, Profile::creativeDesign)
        .isEqualTo(
            List.of(
                estimate(head + "y".repeat(5_000_000) + tail).languageBias(),
                estimate(head + "y".repeat(5_000_000) + tail).creativeDesign()));
  }

  private Profile estimate(String prompt) {
    return estimator.estimate(PromptText.ofUser(prompt));
  }

  /** Letters of every script, lone surrogates, control characters, options and fences. */
  private static String hostile(Random random) {
    var text = new StringBuilder();
    int length = random.nextInt(10_000);
    while (text.length() < length) {
      switch (random.nextInt(6)) {
        case 0 -> text.append("\nA. ");
        case 1 -> text.append("```");
        case 2 -> text.append(random.nextLong());
        case 3 -> text.append((char) random.nextInt(0x10000));
        default -> text.append((char) (32 + random.nextInt(95)));
      }
    }
    return text.toString();
  }
}
