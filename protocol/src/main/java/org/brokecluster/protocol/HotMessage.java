package org.brokecluster.protocol;

/**
 * Marks what is sent between processes through Kryo: pure data of the token path, without actor
 * references. Each type is registered explicitly by the serializer; an unregistered one is refused.
 */
public interface HotMessage {}
