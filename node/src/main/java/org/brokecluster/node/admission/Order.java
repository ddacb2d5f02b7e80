package org.brokecluster.node.admission;

import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;

/**
 * What admission needs to know of a ticket.
 *
 * @param term term of the router that wrote it
 * @param number counts the tickets of that term to this node, from 1
 */
public record Order(AttemptId attempt, long term, long number, ModelId model) {}
