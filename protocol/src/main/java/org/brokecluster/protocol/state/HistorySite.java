package org.brokecluster.protocol.state;

/**
 * Where the routing history is kept.
 *
 * @param shared whether every coordinator reaches it; else it stays with the one whose file it is
 * @param place the file or the address of the server, for people; holds no secret
 */
public record HistorySite(boolean shared, String place) {}
