package org.brokecluster.shared.serialization;

import com.esotericsoftware.kryo.Serializer;
import java.io.NotSerializableException;
import org.brokecluster.protocol.HotMessage;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.node.AttemptProtocol.Ack;

/**
 * The types of the token path with their names and ids on the wire. Append only: a type whose form
 * changes gets a new entry, and the old one stays readable.
 */
enum HotType {
  TOKEN_BATCH(TokenBatch.class, "t", 10) {
    @Override
    Serializer<?> serializer() {
      return new TokenBatchKryo();
    }
  },
  ACK(Ack.class, "a", 11) {
    @Override
    Serializer<?> serializer() {
      return new AckKryo();
    }
  };

  private static final HotType[] ALL = values();

  private final Class<? extends HotMessage> type;
  private final String manifest;
  private final int id;

  HotType(Class<? extends HotMessage> type, String manifest, int id) {
    this.type = type;
    this.manifest = manifest;
    this.id = id;
  }

  abstract Serializer<?> serializer();

  Class<? extends HotMessage> type() {
    return type;
  }

  String manifest() {
    return manifest;
  }

  /** Kryo's registration id; 0 to 9 are Kryo's own. */
  int id() {
    return id;
  }

  /** The entry of a message, or an error that names the class that nobody registered. */
  static HotType of(Object message) {
    for (var each : ALL) {
      if (each.type == message.getClass()) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "not registered for the token path, add it to HotType: " + message.getClass().getName());
  }

  /** The entry of a manifest; a newer peer may send one that is unknown here. */
  static HotType byManifest(String manifest) throws NotSerializableException {
    for (var each : ALL) {
      if (each.manifest.equals(manifest)) {
        return each;
      }
    }
    throw new NotSerializableException("unknown type on the token path: manifest=" + manifest);
  }
}
