package org.brokecluster.node.runtime.openai;

import java.time.Duration;
import org.brokecluster.node.runtime.answer.AnswerLimits;
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
 * @param answerMax limit of an answer, in tokens, where neither client nor server set a fit one
 * @param loadTimeout longest wait for a server that loads a model because it is asked to
 * @param promptMemory prompts remembered that would end mlx_lm.server
 */
public record OpenAiSettings(
    Duration connectTimeout,
    Duration modelsTimeout,
    int defaultSlots,
    Duration finishGrace,
    int maxConnections,
    int maxEventBytes,
    int maxAnswerBytes,
    int answerMax,
    Duration loadTimeout,
    int promptMemory) {
  private static final String SECTION = "broke.node.openai.";
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int MIB = 1 << 20;

  /** Bounds on what a server may send. */
  public AnswerLimits limits() {
    return new AnswerLimits(maxEventBytes, maxAnswerBytes);
  }

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
        (int) reader.bytes(SECTION + "max-answer", 1024, 256 * MIB),
        reader.integer(SECTION + "answer-limit", 16, 10_000_000),
        reader.duration(SECTION + "load-timeout", Duration.ofSeconds(1), Duration.ofHours(24)),
        reader.integer(SECTION + "prompt-memory", 1, 100_000));
  }
}
