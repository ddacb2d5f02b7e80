package org.brokecluster.coordinator.history.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.brokecluster.coordinator.history.event.LearnedFigures;
import org.brokecluster.coordinator.history.learning.LearnedKey.Asker;
import org.brokecluster.protocol.id.ModelId;
import org.junit.jupiter.api.Test;

/** What ratings and outcomes do to the expectations of models. */
class QualityLearningTest {
  private static final ModelId GOOD = ModelId.of("good-14b");
  private static final ModelId BAD = ModelId.of("bad-14b");
  private static final Asker ALICE = new Asker(Topic.CODE, null, "alice");
  private static final Asker STRANGER = new Asker(Topic.CODE, null, "stranger");
  private static final Asker REVIEWER = new Asker(Topic.CODE, "reviewer", "bob");
  private static final Asker WRITER = new Asker(Topic.CODE, "writer", "bob");
  private static final long DAY_MS = 86_400_000;

  private final QualityLearning learning =
      new QualityLearning(
          new LearningSettings(true, Duration.ofDays(30), 8, 0.25, 100, 1_000, 50), new Trace());

  private void rate(Asker asker, ModelId model, int score, int times) {
    for (int i = 0; i < times; i++) {
      learning.rated(0, asker, model, 0.75, score, null);
    }
  }

  private double shift(Asker asker, ModelId model) {
    return learning.of(0, asker, model).shift();
  }

  @Test
  void knowsNothingBeforeTheFirstRating() {
    assertThat(learning.of(0, ALICE, GOOD)).isEqualTo(Learned.NOTHING);
    assertThat(Learned.NOTHING.inWords()).isEmpty();
  }

  @Test
  void movesAwayFromWhatWasMeasuredByAndBy() {
    rate(ALICE, GOOD, 5, 1);
    double once = shift(ALICE, GOOD);
    rate(ALICE, GOOD, 5, 11);

    assertThat(once).isBetween(0.01, 0.08);
    assertThat(shift(ALICE, GOOD)).isBetween(2 * once, 0.25);
    assertThat(learning.of(0, ALICE, GOOD).inWords()).startsWith("12 ratings here: +0.");
    assertThat(shift(ALICE, BAD)).isZero();
  }

  @Test
  void countsForOneselfMoreThanForOthers() {
    rate(ALICE, BAD, 1, 3);

    assertThat(shift(ALICE, BAD)).isLessThan(shift(STRANGER, BAD));
    assertThat(shift(STRANGER, BAD)).isNegative();
  }

  @Test
  void saysLittleOfOtherKindsOfWork() {
    rate(ALICE, BAD, 1, 20);
    var prose = new Asker(Topic.GENERAL, null, "alice");

    assertThat(shift(prose, BAD)).isBetween(shift(ALICE, BAD) / 2, -0.001);
  }

  @Test
  void tellsRolesApart() {
    var reviewer = new Asker(Topic.CODE, "reviewer", "bot");
    var writer = new Asker(Topic.CODE, "writer", "bot2");
    for (int i = 0; i < 10; i++) {
      learning.rated(0, new Asker(Topic.CODE, "reviewer", "bot" + i), GOOD, 0.75, 1, null);
      learning.rated(0, new Asker(Topic.CODE, "writer", "bot" + i), GOOD, 0.75, 5, null);
    }

    assertThat(shift(reviewer, GOOD)).isLessThan(shift(writer, GOOD) - 0.05);
  }

  @Test
  void oneHostileRaterDoesNotOutweighFiveHonestOnes() {
    for (int i = 0; i < 5; i++) {
      var honest = new Asker(Topic.CODE, null, "honest" + i);
      rate(honest, GOOD, 5, 20);
      rate(honest, BAD, 2, 20);
    }
    double before = shift(STRANGER, GOOD);
    var hostile = new Asker(Topic.CODE, null, "hostile");
    for (int i = 0; i < 2_000; i++) {
      rate(hostile, GOOD, 1, 1);
      rate(hostile, BAD, 5, 1);
    }

    assertThat(before).isPositive();
    assertThat(shift(STRANGER, GOOD)).isGreaterThan(shift(STRANGER, BAD));
    assertThat(shift(hostile, GOOD)).isGreaterThanOrEqualTo(-0.25);
  }

  @Test
  void aStrictRaterIsNotTakenForBadModels() {
    rate(ALICE, GOOD, 3, 60);
    rate(ALICE, BAD, 1, 60);

    assertThat(shift(ALICE, GOOD) - shift(ALICE, BAD)).isGreaterThan(0.1);
    assertThat(shift(STRANGER, GOOD)).isGreaterThan(-0.12);
  }

  @Test
  void forgetsWithItsHalfLife() {
    rate(ALICE, BAD, 1, 10);
    double fresh = shift(ALICE, BAD);

    double later = learning.of(120 * DAY_MS, ALICE, BAD).shift();

    assertThat(later).isBetween(fresh / 3, -0.001);
    assertThat(learning.of(3_000 * DAY_MS, ALICE, BAD).shift()).isBetween(-0.001, 0.0);
  }

  @Test
  void replacesARatingByALaterOneOfTheSameAnswer() {
    var first = learning.rated(0, ALICE, GOOD, 0.75, 1, null);
    learning.rated(0, ALICE, GOOD, 0.75, 5, first);

    assertThat(shift(ALICE, GOOD)).isPositive();
    assertThat(learning.of(0, ALICE, GOOD).ratings()).isEqualTo(1);
  }

  @Test
  void comparesOutcomesWithWhatIsUsual() {
    for (int i = 0; i < 300; i++) {
      learning.ended(0, ALICE, GOOD, 0);
      learning.ended(0, ALICE, BAD, i % 3 == 0 ? 1 : 0);
    }

    assertThat(shift(ALICE, BAD)).isBetween(-0.25, -0.08);
    assertThat(learning.of(0, ALICE, BAD).inWords()).startsWith("300 answers here: -0.");
    assertThat(shift(ALICE, GOOD)).as("nobody said that its answers are good").isZero();
  }

  @Test
  void aModelThatOnlyWorksIsNotPraisedForIt() {
    for (int i = 0; i < 300; i++) {
      learning.ended(0, ALICE, GOOD, 0);
    }

    assertThat(shift(ALICE, GOOD)).isZero();
    assertThat(learning.of(0, ALICE, GOOD).inWords()).isEqualTo("300 answers here: as usual");
  }

  @Test
  void oneRatingCountsOnceForWhoeverAsks() {
    var reviewer = new Asker(Topic.CODE, "reviewer", "alice");
    double surprise = 0 - 0.75;
    rate(reviewer, BAD, 1, 1);

    assertThat(shift(reviewer, BAD)).isCloseTo(surprise / (8 + 1), within(1e-12));
    assertThat(shift(ALICE, BAD)).isCloseTo(surprise / (8 + 1), within(1e-12));
    assertThat(shift(new Asker(Topic.CODE, "reviewer", "bob"), BAD))
        .isCloseTo(surprise / (8 + 1), within(1e-12));
    assertThat(shift(STRANGER, BAD)).isCloseTo(surprise / (8 + 1), within(1e-12));
    assertThat(shift(new Asker(Topic.GENERAL, null, "alice"), BAD))
        .isCloseTo(0.5 * surprise / (8 + 0.5), within(1e-12));
  }

  @Test
  void eightRatingsWeighAsMuchAsWhatWasMeasured() {
    for (int i = 0; i < 8; i++) {
      learning.rated(0, new Asker(Topic.CODE, null, "user" + i), BAD, 0.4, 1, null);
    }

    assertThat(learning.of(0, STRANGER, BAD).weight()).isEqualTo(8);
    assertThat(learning.of(0, STRANGER, BAD).known()).isTrue();
    assertThat(shift(STRANGER, BAD)).isCloseTo(-0.4 / 2, within(1e-12));
    assertThat(shift(new Asker(Topic.CODE, null, "user0"), BAD)).isBetween(-0.23, -0.2);
  }

  @Test
  void aRatingMovesNobodyByMoreThanItsShareWhateverIsKnown() {
    var random = new Random(7);
    var askers =
        List.of(ALICE, STRANGER, new Asker(Topic.CODE, "tester", "alice"), REVIEWER, WRITER);
    for (int i = 0; i < 500; i++) {
      var by = askers.get(random.nextInt(askers.size()));
      var before = askers.stream().mapToDouble(each -> shift(each, BAD)).toArray();
      learning.rated(0, by, BAD, 0.75, 1 + random.nextInt(5), null);
      for (int k = 0; k < before.length; k++) {
        // At most 1 off what was predicted, the rater's habit, and the shift that was known.
        double surprise = 1 + 0.5 + 0.25;
        assertThat(Math.abs(shift(askers.get(k), BAD) - before[k])).isLessThan(surprise / 9);
      }
    }
  }

  @Test
  void countsRatingsAndAnswersApart() {
    for (int i = 0; i < 120; i++) {
      learning.ended(0, ALICE, GOOD, 0);
    }
    rate(ALICE, GOOD, 1, 1);

    assertThat(learning.of(0, ALICE, GOOD).inWords())
        .isEqualTo("1 rating here: -0.08; 120 answers here: as usual");
  }

  @Test
  void remembersABoundedNumberOfThings() {
    for (int i = 0; i < 1_000; i++) {
      learning.rated(0, new Asker(Topic.CODE, "role" + i, "user" + i), GOOD, 0.75, 4, null);
    }

    assertThat(learning.size()).isLessThanOrEqualTo(100);
  }

  @Test
  void goesOnWithWhatWasRecorded() {
    rate(ALICE, BAD, 1, 15);
    learning.ended(0, ALICE, BAD, 1);
    var recorded = learning.figures(0);
    double shift = shift(ALICE, BAD);

    learning.adopt(0, LearnedFigures.NONE);
    assertThat(shift(ALICE, BAD)).isZero();
    learning.adopt(0, recorded);

    assertThat(shift(ALICE, BAD)).isEqualTo(shift);
    assertThat(learning.figures(0)).isEqualTo(recorded);
  }

  @Test
  void leavesOutPeopleWithoutAName() {
    rate(ALICE, BAD, 1, 3);
    rate(new Asker(Topic.CODE, null, ""), BAD, 1, 3);

    var disguised = learning.figures(0).renamed(name -> "u-1");
    var forgotten = disguised.renamed(name -> null);

    assertThat(disguised.toString()).contains("u-1").doesNotContain("alice");
    assertThat(forgotten.rows()).isNotEmpty();
    assertThat(forgotten.toString()).doesNotContain("u-1");
  }
}
