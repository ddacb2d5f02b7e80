package org.brokecluster.coordinator.routing.scorer;

import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.RequestFacts;

/**
 * What all contenders of one decision have in common.
 *
 * @param facts the request
 * @param target tier that fits the request best
 * @param nearest tier among the contenders that is closest to the target, the higher one of two
 * @param places number of contenders of that tier
 * @param turn how many decisions this strategy has made before
 */
public record Contest(RequestFacts facts, Tier target, Tier nearest, int places, long turn) {}
