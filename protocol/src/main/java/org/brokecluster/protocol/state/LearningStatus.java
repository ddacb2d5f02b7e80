package org.brokecluster.protocol.state;

/**
 * What the router has learned, in short.
 *
 * @param promises how well it keeps its promises of time
 * @param keys combinations of model, kind of work, role and user of which it knows something
 */
public record LearningStatus(PromiseFigures promises, int keys) {}
