package org.brokecluster.protocol.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** Name of a model as clients write it, such as {@code mlx-community/Qwen3-4B-4bit}. */
public record ModelId(String value) implements Comparable<ModelId> {
  private static final Pattern FORMAT = Pattern.compile("[\\x21-\\x7e]{1,200}");

  /** Refuses a value that does not match the format. */
  public ModelId {
    if (!FORMAT.matcher(value).matches()) {
      throw new IllegalArgumentException("model id must match " + FORMAT + ": " + value);
    }
  }

  /** Makes an id from its text. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static ModelId of(String value) {
    return new ModelId(value);
  }

  @Override
  @JsonValue
  public String value() {
    return value;
  }

  @Override
  public int compareTo(ModelId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
