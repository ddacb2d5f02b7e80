package org.brokecluster.protocol.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** One client call, from HTTP to its last token; unique for ever, chosen by the edge. */
public record RequestId(String value) implements Comparable<RequestId> {
  private static final Pattern FORMAT = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /** Refuses a value that does not match the format. */
  public RequestId {
    if (!FORMAT.matcher(value).matches()) {
      throw new IllegalArgumentException("request id must match " + FORMAT + ": " + value);
    }
  }

  /** Makes an id from its text. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static RequestId of(String value) {
    return new RequestId(value);
  }

  @Override
  @JsonValue
  public String value() {
    return value;
  }

  @Override
  public int compareTo(RequestId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
