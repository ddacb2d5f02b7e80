package org.brokecluster.node.runtime.answer;

/**
 * Bounds on what a server may send.
 *
 * @param maxEventBytes longest event of a stream
 * @param maxAnswerBytes longest answer in one piece, and most bytes of a stream without any text
 */
public record AnswerLimits(int maxEventBytes, int maxAnswerBytes) {}
