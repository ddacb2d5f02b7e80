package org.brokecluster.coordinator.history.journal;

import akka.serialization.SerializerWithStringManifest;
import java.io.IOException;
import java.io.NotSerializableException;

/** Binds {@link EventBatchJson} into Akka. The identifier is stored and never changes. */
public final class EventBatchSerializer extends SerializerWithStringManifest {
  /** Stored beside every row. */
  public static final int IDENTIFIER = 740_001;

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object message) {
    return EventBatchJson.MANIFEST;
  }

  @Override
  public byte[] toBinary(Object message) {
    if (message instanceof EventBatch batch) {
      return EventBatchJson.encode(batch);
    }
    throw new IllegalArgumentException("not a row of the journal: " + message.getClass());
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    try {
      return EventBatchJson.decode(manifest, bytes);
    } catch (IOException e) {
      throw new NotSerializableException(EventJson.text(e));
    }
  }
}
