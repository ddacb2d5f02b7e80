package org.brokecluster.protocol.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** Name of a Mac in the cluster, unique among its members at any moment. */
public record NodeId(String value) implements Comparable<NodeId> {
  private static final Pattern FORMAT = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  /** Refuses a value that does not match the format. */
  public NodeId {
    if (!FORMAT.matcher(value).matches()) {
      throw new IllegalArgumentException("node name must match " + FORMAT + ": " + value);
    }
  }

  /** Makes an id from its text. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static NodeId of(String value) {
    return new NodeId(value);
  }

  @Override
  @JsonValue
  public String value() {
    return value;
  }

  @Override
  public int compareTo(NodeId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
