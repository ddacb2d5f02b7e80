package org.brokecluster.protocol.state;

import org.jspecify.annotations.Nullable;

/**
 * How well the router's promises of time are kept, as it is gossiped.
 *
 * @param target share of answers that shall keep the interval they were promised, 0 to 1
 * @param firstToken of times to the first token; null before the first answer
 * @param finish of times to the last token; null before the first answer
 * @param waiting of times to the first token as they are told to those who have to wait for a
 *     place; null before the first of them has it
 */
public record PromiseFigures(
    double target, @Nullable Phase firstToken, @Nullable Phase finish, @Nullable Waiting waiting) {
  /**
   * Of one kind of time, over about the last hundred answers.
   *
   * @param answers counted since the router's term began
   * @param kept share that kept its interval, 0 to 1
   * @param error how far the middle is off, as a share of the time (geometric mean), at least 0
   * @param errorBefore the same before it is put right by what was seen
   */
  public record Phase(long answers, double kept, double error, double errorBefore) {}

  /**
   * Of a time that is told without an interval, over about the last hundred answers.
   *
   * @param answers counted since the router's term began
   * @param error how far what was told is off, as a share of the time (geometric mean), at least 0
   * @param errorBefore the same before it is put right by what was seen
   */
  public record Waiting(long answers, double error, double errorBefore) {}
}
