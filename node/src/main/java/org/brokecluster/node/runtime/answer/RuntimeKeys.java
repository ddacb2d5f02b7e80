package org.brokecluster.node.runtime.answer;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The key a model server asks for, from an environment variable and never from a file. */
public final class RuntimeKeys {
  private RuntimeKeys() {}

  /**
   * The headers that show a key; none if none is named.
   *
   * @param variable name of the environment variable
   * @throws IllegalArgumentException if the variable is not set
   */
  public static Map<String, String> headers(
      Optional<String> variable, Map<String, String> environment) {
    return variable
        .map(name -> Map.of("Authorization", "Bearer " + key(name, environment)))
        .orElse(Map.of());
  }

  private static String key(String name, Map<String, String> environment) {
    @Nullable String key = environment.get(name);
    if (key == null || key.isBlank()) {
      throw new IllegalArgumentException("key-env: environment variable is not set: " + name);
    }
    return key;
  }
}
