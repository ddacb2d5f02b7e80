package org.brokecluster.coordinator.history.content;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.brokecluster.shared.config.SettingsReader;

/**
 * Whether prompts and answers are kept, how many, and what is taken out of them before they leave:
 * {@code broke.history.store-content}, {@code broke.history.content} and {@code broke.collect}.
 *
 * @param store whether this host hands the texts of its clients over, and, as a coordinator, keeps
 *     them
 * @param textMax characters of a prompt that are kept, and of an answer
 * @param waitingMax bytes of texts that this host holds until they are stored; more are let go
 * @param patience how long a text waits for a coordinator that keeps it
 * @param days how long a text is kept
 * @param bytes texts kept at most, in bytes as stored; beyond them the oldest go
 * @param interval between two looks at age and size
 * @param redact regular expressions of what must not leave, besides what is built in
 */
public record ContentSettings(
    boolean store,
    int textMax,
    long waitingMax,
    Duration patience,
    int days,
    long bytes,
    Duration interval,
    List<String> redact) {
  private static final String SECTION = "broke.history.content.";
  private static final String REDACT = "broke.collect.redact";
  private static final int PATTERNS_MAX = 100;

  /** Copies the list. */
  public ContentSettings {
    redact = List.copyOf(redact);
  }

  /** Reads the keys; problems are left in the reader. */
  public static ContentSettings from(SettingsReader reader) {
    var settings =
        new ContentSettings(
            reader.flag("broke.history.store-content"),
            reader.integer(SECTION + "text-max", 1_000, 1_000_000),
            reader.bytes(SECTION + "waiting-max", 1 << 20, 1 << 30),
            reader.duration(SECTION + "patience", Duration.ofSeconds(1), Duration.ofDays(1)),
            reader.integer(SECTION + "days", 1, 36_500),
            reader.bytes(SECTION + "bytes", 1 << 20, 1L << 50),
            reader.duration(SECTION + "interval", Duration.ofMillis(100), Duration.ofDays(7)),
            reader.texts(REDACT));
    settings.check(reader);
    return settings;
  }

  /** The operator's patterns. */
  public List<Pattern> patterns() {
    return redact.stream().map(Pattern::compile).toList();
  }

  private void check(SettingsReader reader) {
    if (redact.size() > PATTERNS_MAX) {
      reader.problem(REDACT, "must have at most " + PATTERNS_MAX + " patterns");
    }
    for (var pattern : redact) {
      try {
        if (Pattern.compile(pattern).matcher("").matches()) {
          reader.problem(REDACT, "a pattern must not match nothing: " + pattern);
        }
      } catch (PatternSyntaxException e) {
        reader.problem(REDACT, "not a regular expression: " + e.getDescription() + ": " + pattern);
      }
    }
  }
}
