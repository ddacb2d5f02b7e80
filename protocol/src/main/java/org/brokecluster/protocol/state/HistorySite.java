package org.brokecluster.protocol.state;

import org.jspecify.annotations.Nullable;

/**
 * Where the routing history is kept.
 *
 * @param shared whether every coordinator reaches it; else it stays with the one whose file it is
 * @param place the file or the address of the server, for people; holds no secret
 * @param trouble why nothing can be stored there at the moment, and what to do; null if it can
 */
public record HistorySite(boolean shared, String place, @Nullable String trouble) {}
