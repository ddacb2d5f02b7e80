package org.brokecluster.node.runtime.openai;

import java.time.Duration;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The section {@code broke.node.openai}.
 *
 * @param connectTimeout time to open a connection
 * @param modelsTimeout time for the list of models
 * @param defaultSlots streams side by side on a server that did not say
 * @param finishGrace how long to wait for usage and the end once the finish reason is known
 * @param maxConnections connections to one server at once
 * @param maxEventBytes longest event of a stream
 * @param maxAnswerBytes longest answer in one piece
 */
public record OpenAiSettings(
    Duration connectTimeout,
    Duration modelsTimeout,
    int defaultSlots,
    Duration finishGrace,
    int maxConnections,
    int maxEventBytes,
    int maxAnswerBytes) {
  private static final String SECTION = "broke.node.openai.";
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int MIB = 1 << 20;

  /** Reads the section. */
  public static OpenAiSettings read(SettingsReader reader) {
    var least = Duration.ofMillis(10);
    return new OpenAiSettings(
        reader.duration(SECTION + "connect-timeout", least, MINUTE),
        reader.duration(SECTION + "models-timeout", least, MINUTE),
        reader.integer(SECTION + "default-slots", 1, 1024),
        reader.duration(SECTION + "finish-grace", least, MINUTE),
        reader.integer(SECTION + "max-connections", 1, 100_000),
        (int) reader.bytes(SECTION + "max-event", 1024, 256 * MIB),
        (int) reader.bytes(SECTION + "max-answer", 1024, 256 * MIB));
  }
}
