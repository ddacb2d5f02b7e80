package org.brokecluster.node.away;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PowerMessagesTest {
  private final List<String> heard = new ArrayList<>();
  private final List<Runnable> allows = new ArrayList<>();
  private final SleepSource.Listener listener =
      new SleepSource.Listener() {
        @Override
        public void goingToSleep(Runnable allow) {
          heard.add("sleep");
          allows.add(allow);
        }

        @Override
        public void awake() {
          heard.add("awake");
        }
      };

  private final PowerMessages messages =
      new PowerMessages(listener, number -> heard.add("allow " + number));

  @Test
  void aSleepIsAllowedOnlyWhenTheListenerSaysSo() {
    messages.heard(PowerMessages.WILL_SLEEP, 7);
    assertThat(heard).containsExactly("sleep");

    allows.get(0).run();

    assertThat(heard).containsExactly("sleep", "allow 7");
  }

  @Test
  void anIdleSleepIsNeverForbidden() {
    messages.heard(PowerMessages.CAN_SLEEP, 3);

    assertThat(heard).containsExactly("allow 3");
  }

  @Test
  void wakingAndASleepThatDoesNotComeAreTheSame() {
    messages.heard(PowerMessages.HAS_POWERED_ON, 0);
    messages.heard(PowerMessages.WILL_NOT_SLEEP, 0);
    messages.heard(0x12345, 0);

    assertThat(heard).containsExactly("awake", "awake");
  }
}
