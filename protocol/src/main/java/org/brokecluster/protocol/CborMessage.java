package org.brokecluster.protocol;

/** Marks what is sent between processes as Jackson CBOR: everything that is not on the hot path. */
public interface CborMessage {}
