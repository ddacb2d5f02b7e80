package org.brokecluster.coordinator.routing.model;

import java.util.Map;

/**
 * What the model makes of a prompt.
 *
 * @param small probability that a model of about 7 billion weights answers well, 0 to 1
 * @param large the same for a model of 70 billion and more
 * @param gain how much more probable that is for the large one, as learned from all kinds together
 *     where the kind is open; -1 to 1
 * @param lnTokens natural logarithm of the expected length of the answer in tokens
 * @param spread standard deviation of that logarithm
 * @param chain how long the reasoning before the answer is, 0 to 1
 * @param domains subjects with their share, 0 to 1
 * @param kind most probable kind
 * @param share its probability, 0 to 1
 * @param open probability that it is none of the kinds that have right answers, 0 to 1
 * @param tested probability that it is a quiz, an exam, a word problem or mathematics, 0 to 1
 * @param code probability that it is a programming exercise, 0 to 1
 * @param familiar share of its words that stand in many training prompts, 0 to 1
 */
public record Reading(
    double small,
    double large,
    double gain,
    double lnTokens,
    double spread,
    double chain,
    Map<String, Double> domains,
    TaskKind kind,
    double share,
    double open,
    double tested,
    double code,
    double familiar) {
  /** Copies the map. */
  public Reading {
    domains = Map.copyOf(domains);
  }
}
