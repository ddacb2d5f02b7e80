package org.brokecluster.coordinator.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventLogTest {

  @Test
  void givesEveryEventTheNextNumber() {
    var log = new EventLog(1_000);

    assertThat(text(log.events(bytes("data: a\n\ndata: b\n\n"), 18)))
        .isEqualTo("id: 1\ndata: a\n\nid: 2\ndata: b\n\n");
    assertThat(text(log.events(bytes("data: c\n\nrubbish"), 9))).isEqualTo("id: 3\ndata: c\n\n");
    assertThat(log.last()).isEqualTo(3);
  }

  @Test
  void givesWhatFollowsAnEventInWholePieces() {
    var log = new EventLog(1_000);
    log.events(bytes("data: a\n\ndata: b\n\ndata: c\n\n"), 27);

    assertThat(text(log.after(1, 1_000).bytes())).isEqualTo("id: 2\ndata: b\n\nid: 3\ndata: c\n\n");
    assertThat(text(log.after(0, 20).bytes())).isEqualTo("id: 1\ndata: a\n\n");
    assertThat(log.after(0, 1).last()).isEqualTo(1);
    assertThat(log.after(3, 100).bytes()).isEmpty();
  }

  @Test
  void knowsNothingOfWhatItDroppedAndOfWhatNeverWas() {
    var log = new EventLog(20);
    log.piece(new byte[15]);
    log.piece(new byte[15]);

    assertThat(log.after(0, 100)).isNull();
    assertThat(log.after(1, 100).bytes()).hasSize(15);
    assertThat(log.after(3, 100)).isNull();
    assertThat(log.bytes()).isEqualTo(15);
  }

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  /** Whoever reads in parts of any size, from any event, has the same text as who read it all. */
  @ParameterizedTest
  @MethodSource("seeds")
  void readsTheSameInParts(long seed) {
    var random = new Random(seed);
    var log = new EventLog(1 << 20);
    var whole = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      var events = "data: x\n\n".repeat(1 + random.nextInt(4)).replace("x", "x" + random.nextInt());
      whole.append(text(log.events(bytes(events), events.length())));
    }

    var read = new StringBuilder();
    long last = 0;
    while (last < log.last()) {
      var slice = log.after(last, 1 + random.nextInt(200));
      read.append(text(slice.bytes()));
      last = slice.last();
    }

    assertThat(read.toString()).isEqualTo(whole.toString());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
