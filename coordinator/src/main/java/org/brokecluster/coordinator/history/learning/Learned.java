package org.brokecluster.coordinator.history.learning;

import java.util.Locale;

/**
 * What was learned here of a model for one request.
 *
 * @param shift added to the probability that its answer is good enough
 * @param ratings ratings of it on the topic
 * @param outcomes answers of it on the topic that ended
 * @param weight what the ratings weigh by now, those of others less than one's own
 * @param known whether that is at least as much as what was measured beforehand weighs
 */
public record Learned(double shift, long ratings, long outcomes, double weight, boolean known) {
  /** Nothing. */
  public static final Learned NOTHING = new Learned(0, 0, 0, 0, false);

  /** Such as {@code 12 ratings here: +0.08}; empty if nothing was learned. */
  public String inWords() {
    if (ratings == 0 && outcomes == 0) {
      return "";
    }
    var what =
        ratings > 0
            ? ratings + (ratings == 1 ? " rating here" : " ratings here")
            : outcomes + (outcomes == 1 ? " answer here" : " answers here");
    return String.format(Locale.ROOT, "%s: %+.2f", what, shift);
  }
}
