package org.brokecluster.coordinator.routing.model;

/**
 * How able a model is, on a scale where 0 is a model of about 7 billion weights and 1 one of 70
 * billion and more, both of the years 2023 and 2024. Below 0 and above 1 are fine.
 *
 * @param knowledge in questions of fact and of most subjects
 * @param reasoning in mathematics and the sciences that calculate
 * @param code in programming
 * @param known whether more than its tier is known of it
 */
public record ModelSkill(double knowledge, double reasoning, double code, boolean known) {
  /** The skill that counts, by how much of the prompt is code and how much is calculation. */
  public double at(double codeShare, double reasoningShare) {
    double rest = Math.max(0, 1 - codeShare);
    double plain = knowledge + reasoningShare * (reasoning - knowledge);
    return codeShare * code + rest * plain;
  }
}
