package org.brokecluster.coordinator.routing.state;

import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;

/** One model on one node: what seldom changes, and what changes all the time. */
public record HostedModel(ModelFacts facts, ModelLoad load) {}
