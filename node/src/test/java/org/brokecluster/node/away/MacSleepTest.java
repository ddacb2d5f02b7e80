package org.brokecluster.node.away;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class MacSleepTest {
  /** What cannot be loaded must cost nothing but the announcements. */
  @Test
  void hearsNothingWhereThereIsNoIoKit() throws InterruptedException {
    var heard = new CountDownLatch(1);
    try (var sleep = new MacSleep("NoSuchKit")) {
      sleep.start(
          new SleepSource.Listener() {
            @Override
            public void goingToSleep(Runnable allow) {
              heard.countDown();
            }

            @Override
            public void awake() {
              heard.countDown();
            }
          });

      Assertions.assertThat(sleep.awaitEnd(10, TimeUnit.SECONDS)).isTrue();
    }
    Assertions.assertThat(heard.getCount()).isEqualTo(1);
  }
}
