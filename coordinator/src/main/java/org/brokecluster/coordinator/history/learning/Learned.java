package org.brokecluster.coordinator.history.learning;

import java.util.Locale;

/**
 * What was learned here of a model for one request.
 *
 * @param shift added to the probability that its answer is good enough
 * @param byOutcomes how much of that is because of how its answers ended, at most 0
 * @param ratings ratings of it on the topic, with what agents saw come of answers
 * @param outcomes answers of it on the topic that ended
 * @param weight what the ratings on the topic weigh by now, those of others less than one's own
 * @param known whether that is at least as much as what was measured beforehand weighs
 */
public record Learned(
    double shift, double byOutcomes, long ratings, long outcomes, double weight, boolean known) {
  /** Nothing. */
  public static final Learned NOTHING = new Learned(0, 0, 0, 0, 0, false);

  /** Less than this is not worth a word. */
  private static final double WORTH_A_WORD = 0.005;

  /**
   * Such as {@code 12 ratings here: +0.08; 40 answers here: as usual}; empty if nothing was
   * learned.
   */
  public String inWords() {
    if (ratings == 0) {
      return ofOutcomes();
    }
    var ofRatings = counted(ratings, "rating") + signed(shift - byOutcomes);
    return outcomes == 0 ? ofRatings : ofRatings + "; " + ofOutcomes();
  }

  private String ofOutcomes() {
    if (outcomes == 0) {
      return "";
    }
    boolean worse = byOutcomes <= -WORTH_A_WORD;
    return counted(outcomes, "answer") + (worse ? signed(byOutcomes) : "as usual");
  }

  private static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? " here: " : "s here: ");
  }

  private static String signed(double shift) {
    return String.format(Locale.ROOT, "%+.2f", shift);
  }
}
