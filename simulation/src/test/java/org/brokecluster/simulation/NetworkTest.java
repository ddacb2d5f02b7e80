package org.brokecluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private final Timeline time = new Timeline(null);
  private final Network network = new Network(time, new Random(1), 2, 20, 200);
  private final Machine here = new Machine(0, time);
  private final Machine there = new Machine(1, time);
  private final List<String> heard = new ArrayList<>();
  private Mailbox sender = box(here, 1);
  private Mailbox receiver = box(there, 2);

  @BeforeEach
  void start() {
    here.start();
    there.start();
    sender = box(here, 1);
    receiver = box(there, 2);
  }

  @Test
  void keepsTheOrderBetweenTwoActors() {
    var sent = new ArrayList<String>();
    for (int i = 0; i < 200; i++) {
      sent.add("m" + i);
      send(receiver, "m" + i);
    }
    run();

    assertThat(heard).isEqualTo(sent);
  }

  @Test
  void letsMessagesToDifferentActorsOvertakeEachOther() {
    var other = network.mailbox("other", receiver.in());
    for (int i = 0; i < 100; i++) {
      send(i % 2 == 0 ? receiver : other, "m" + i);
    }
    run();

    assertThat(heard)
        .hasSize(100)
        .isNotEqualTo(heard.stream().sorted(NetworkTest::byNumber).toList());
  }

  @Test
  void losesWhatIsOnItsWayWhenACutComes() {
    send(receiver, "lost on the way");
    network.cut(there, 1);
    send(receiver, "lost at once");
    run();
    network.cut(there, 0);
    send(receiver, "heard");
    run();

    assertThat(heard).containsExactly("heard");
    assertThat(network.lost()).isEqualTo(2);
  }

  @Test
  void holdsWhatComesToAProcessThatIsStopped() {
    there.pause();
    send(receiver, "a");
    send(receiver, "b");
    run();
    assertThat(heard).isEmpty();

    there.resume();
    run();

    assertThat(heard).containsExactly("a", "b");
  }

  @Test
  void losesWhatComesToAProcessThatWasKilled() {
    send(receiver, "a");
    there.kill();
    there.start();
    run();

    assertThat(heard).isEmpty();
  }

  private void send(Mailbox to, String message) {
    network.send(sender, to, message, () -> heard.add(message));
  }

  private void run() {
    while (time.step()) {
      // until nothing is left to happen
    }
  }

  private Mailbox box(Machine machine, long uid) {
    return network.mailbox("actor", new Membership(machine, uid, 0));
  }

  private static int byNumber(String one, String other) {
    return Integer.compare(
        Integer.parseInt(one.substring(1)), Integer.parseInt(other.substring(1)));
  }
}
