package org.brokecluster.node.runtime.ollama;

import java.time.Duration;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The section {@code broke.node.ollama}; what all servers share is in {@code broke.node.openai}.
 *
 * @param keepAlive how long Ollama keeps a model in memory behind its last request
 * @param defaultSlots answers side by side on each model where the operator did not say
 * @param contextMin context a model is loaded with, in tokens
 * @param contextMax largest context asked for, in tokens
 */
public record OllamaSettings(Duration keepAlive, int defaultSlots, int contextMin, int contextMax) {
  private static final String SECTION = "broke.node.ollama.";
  private static final int CONTEXT_LIMIT = 10_000_000;

  /** Reads the section. */
  public static OllamaSettings read(SettingsReader reader) {
    var settings =
        new OllamaSettings(
            reader.duration(SECTION + "keep-alive", Duration.ofSeconds(1), Duration.ofDays(30)),
            reader.integer(SECTION + "default-slots", 1, 1024),
            reader.integer(SECTION + "context-min", 512, CONTEXT_LIMIT),
            reader.integer(SECTION + "context-max", 512, CONTEXT_LIMIT));
    if (settings.contextMin > settings.contextMax) {
      reader.problem(SECTION + "context-min", "must not be above context-max");
    }
    return settings;
  }
}
