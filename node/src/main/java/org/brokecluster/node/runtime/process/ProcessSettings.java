package org.brokecluster.node.runtime.process;

import java.time.Duration;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The section {@code broke.node.process}.
 *
 * @param startTimeout time a process gets to open its port
 * @param loadTimeout time it then gets to make its first token
 * @param errorGrace how long a process that has printed an error while loading may still come round
 * @param stopGrace time between asking a process to end and ending it
 * @param tick how often each process is looked at
 * @param idleProbe silence after which an idle process is asked for a token
 * @param busyProbe silence after which a process with work is asked for a token
 * @param doubtAfter silence after which an answer that is taken back leaves a doubt: the process is
 *     then asked for a token at once
 * @param probeTimeout silence after such a question at which it counts as hung
 * @param backoffMin wait before the first restart
 * @param backoffMax longest wait before a restart
 * @param crashesMax crashes within the window that take a model out of service
 * @param crashWindow time in which crashes count
 * @param crashRest time after which a model that is out of service may be tried again
 * @param outputLines lines of a process's output kept for messages
 */
public record ProcessSettings(
    Duration startTimeout,
    Duration loadTimeout,
    Duration errorGrace,
    Duration stopGrace,
    Duration tick,
    Duration idleProbe,
    Duration busyProbe,
    Duration doubtAfter,
    Duration probeTimeout,
    Duration backoffMin,
    Duration backoffMax,
    int crashesMax,
    Duration crashWindow,
    Duration crashRest,
    int outputLines) {
  private static final String SECTION = "broke.node.process.";
  private static final Duration MOMENT = Duration.ofMillis(10);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  /** Reads the section. */
  public static ProcessSettings read(SettingsReader reader) {
    return new ProcessSettings(
        reader.duration(SECTION + "start-timeout", MOMENT, HOUR),
        reader.duration(SECTION + "load-timeout", MOMENT, DAY),
        reader.duration(SECTION + "error-grace", Duration.ZERO, HOUR),
        reader.duration(SECTION + "stop-grace", Duration.ZERO, Duration.ofMinutes(1)),
        reader.duration(SECTION + "tick", MOMENT, Duration.ofSeconds(10)),
        reader.duration(SECTION + "idle-probe", MOMENT, DAY),
        reader.duration(SECTION + "busy-probe", MOMENT, DAY),
        reader.duration(SECTION + "doubt-after", MOMENT, DAY),
        reader.duration(SECTION + "probe-timeout", MOMENT, HOUR),
        reader.duration(SECTION + "backoff-min", MOMENT, HOUR),
        reader.duration(SECTION + "backoff-max", MOMENT, DAY),
        reader.integer(SECTION + "crashes-max", 1, 100),
        reader.duration(SECTION + "crash-window", MOMENT, DAY),
        reader.duration(SECTION + "crash-rest", MOMENT, DAY),
        reader.integer(SECTION + "output-lines", 1, 1000));
  }
}
