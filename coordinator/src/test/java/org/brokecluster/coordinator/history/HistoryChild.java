package org.brokecluster.coordinator.history;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A process that writes history until it is killed, and says what it was told is stored. */
public final class HistoryChild {
  private HistoryChild() {}

  public static void main(String[] arguments) {
    var kit =
        HistoryKit.open(
            Path.of(arguments[0]),
            Map.of("broke.history.checkpoint-events", 500, "broke.history.row-events", 50));
    var events = new SampleEvents(1, SampleEvents.START);
    var sink = kit.write(Long.parseLong(arguments[1]), events.take(1));
    long emitted = 2;
    while (true) {
      for (var event : events.take(300)) {
        sink.emit(event);
        emitted++;
      }
      HistoryKit.get(kit.history().flush(Duration.ofSeconds(30)));
      System.out.println(emitted);
      events.take(40).forEach(sink::emit);
      emitted += 40;
    }
  }
}
