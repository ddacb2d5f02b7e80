package org.brokecluster.node.runtime;

import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.state.ModelFacts;
import org.jspecify.annotations.Nullable;

/**
 * A model as its runtime sees it.
 *
 * @param speed first estimate, replaced by measurements as answers are made
 * @param reason why it is failed or unsupported, or null
 */
public record RuntimeModel(
    ModelFacts facts, ModelState state, Speed speed, @Nullable String reason) {}
