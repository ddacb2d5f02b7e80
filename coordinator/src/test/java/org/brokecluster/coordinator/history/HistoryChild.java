package org.brokecluster.coordinator.history;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A process that writes history until it is killed, and says what it was told is stored. Called
 * with a data folder, a term, and settings as {@code key=value}.
 */
public final class HistoryChild {
  /** Begins a line that says how many events are stored. */
  static final String STORED = "stored ";

  private HistoryChild() {}

  public static void main(String[] arguments) {
    Map<String, Object> settings =
        new HashMap<>(
            Map.of("broke.history.checkpoint-events", 500, "broke.history.row-events", 50));
    for (int i = 2; i < arguments.length; i++) {
      int equals = arguments[i].indexOf('=');
      settings.put(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
    }
    var kit = HistoryKit.open(Path.of(arguments[0]), settings);
    var events = new SampleEvents(1, SampleEvents.START);
    var sink = kit.write(Long.parseLong(arguments[1]), events.take(1));
    long emitted = 2;
    while (true) {
      for (var event : events.take(300)) {
        sink.emit(event);
        emitted++;
      }
      HistoryKit.get(kit.history().flush(Duration.ofSeconds(60)));
      System.out.println(STORED + emitted);
      events.take(40).forEach(sink::emit);
      emitted += 40;
    }
  }
}
