package org.brokecluster.node.models;

import org.brokecluster.protocol.model.Usage;

/**
 * What one answer took, from the runtime's start.
 *
 * @param prefillNanos from the start to the first chunk
 * @param decodeNanos from the first to the last chunk
 */
public record Measurement(Usage usage, long prefillNanos, long decodeNanos) {}
