package org.brokecluster.simulation.schedule;

/**
 * What the conversations of agents look like. Lengths in tokens are lognormal: a median, and the
 * standard deviation of the logarithm.
 *
 * @param programs different agent programs; all conversations of one begin with the same text
 * @param systemMedian length of that text: instructions and tools
 * @param systemSpread its spread
 * @param turnsMean calls in a conversation on average, at least 1; geometric
 * @param taskMedian length of the first message after the common beginning
 * @param taskSpread its spread
 * @param resultMedian what a tool's result or the user adds before each further call
 * @param resultSpread its spread
 * @param answerMedian length of an answer, mostly a tool call
 * @param answerSpread its spread
 * @param pauseMeanMs from an answer to the next call: tools run; exponential
 * @param promptMax where a prompt ends its conversation
 * @param users who the conversations belong to
 */
record AgentShape(
    int programs,
    double systemMedian,
    double systemSpread,
    double turnsMean,
    double taskMedian,
    double taskSpread,
    double resultMedian,
    double resultSpread,
    double answerMedian,
    double answerSpread,
    double pauseMeanMs,
    int promptMax,
    int users) {
  /**
   * Coding agents and assistants with tools: their instructions and tool descriptions take some
   * 4,000 tokens, they call a dozen times, read files and outputs of several hundred tokens between
   * calls, and answer shortly. Chosen before any policy was run on it, and not changed since.
   */
  static final AgentShape USUAL =
      new AgentShape(6, 4_000, 0.6, 12, 300, 0.8, 500, 1.0, 120, 0.8, 3_000, 30_000, 8);
}
