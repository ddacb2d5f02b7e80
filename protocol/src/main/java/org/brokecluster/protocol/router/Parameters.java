package org.brokecluster.protocol.router;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What is filled in for a client that left it open; absent is left as it is.
 *
 * @param temperature 0 to 2
 * @param topP above 0, at most 1
 * @param maxTokens longest answer in tokens, at least 1
 * @param thinking whether the model thinks aloud before it answers
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Parameters(
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer maxTokens,
    @Nullable Boolean thinking) {
  /** Bytes that they may add to the JSON of a request. */
  public static final int JSON_MAX = 200;

  /** Fills in nothing. */
  public static final Parameters NONE = new Parameters(null, null, null, null);

  /** Refuses values no model server takes. */
  public Parameters {
    boolean warm = temperature == null || (temperature >= 0 && temperature <= 2);
    boolean share = topP == null || (topP > 0 && topP <= 1);
    if (!warm || !share || (maxTokens != null && maxTokens < 1)) {
      throw new IllegalArgumentException(
          "parameters out of bounds: temperature=%s topP=%s maxTokens=%s"
              .formatted(temperature, topP, maxTokens));
    }
  }

  /** Whether nothing is filled in. */
  @JsonIgnore
  public boolean isEmpty() {
    return equals(NONE);
  }

  /** As {@code temperature=0.7,top-p=0.8}. */
  @Override
  public String toString() {
    var parts = new ArrayList<String>(4);
    add(parts, Parameter.TEMPERATURE, temperature);
    add(parts, Parameter.TOP_P, topP);
    add(parts, Parameter.MAX_TOKENS, maxTokens);
    add(parts, Parameter.THINKING, thinking);
    return String.join(",", parts);
  }

  private static void add(ArrayList<String> parts, Parameter name, @Nullable Object value) {
    if (value != null) {
      parts.add(name.label() + "=" + value);
    }
  }
}
