package org.brokecluster.simulation.schedule;

import java.util.List;

/**
 * One request of a benchmark's load.
 *
 * @param number counts the requests of a run, from 0
 * @param atMs virtual time at which its client calls
 * @param model model it names, so that every policy gives the same quality
 * @param user who asks
 * @param agent whether a program waits for the answer, and not a person
 * @param promptTokens true length of the prompt, at least 1
 * @param answerTokens true length of the answer, at least 1
 * @param promptGuess the length of the prompt as an edge would estimate it, at least 1
 * @param answerGuess the length of the answer as an edge would predict it, at least 1
 * @param borders fingerprints of the prompt's beginnings, shortest first; empty if nothing is known
 *     of the text
 * @param borderTokens true tokens that each of them covers
 * @param answered fingerprint of the prompt with its answer, as the next turn would begin
 * @param conversation number of the conversation, or -1 if it is not part of one
 */
record Job(
    int number,
    long atMs,
    String model,
    String user,
    boolean agent,
    int promptTokens,
    int answerTokens,
    int promptGuess,
    int answerGuess,
    List<Long> borders,
    List<Integer> borderTokens,
    long answered,
    int conversation) {
  /** Copies the lists. */
  Job {
    borders = List.copyOf(borders);
    borderTokens = List.copyOf(borderTokens);
  }
}
