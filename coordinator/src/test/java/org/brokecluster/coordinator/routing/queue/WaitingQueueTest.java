package org.brokecluster.coordinator.routing.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokecluster.coordinator.routing.queue.Standing.EVERY;
import static org.brokecluster.coordinator.routing.queue.Standing.EVERY_UNWATCHED;
import static org.brokecluster.coordinator.routing.queue.Standing.agent;
import static org.brokecluster.coordinator.routing.queue.Standing.flow;
import static org.brokecluster.coordinator.routing.queue.Standing.person;
import static org.brokecluster.coordinator.routing.queue.Standing.queue;
import static org.brokecluster.coordinator.routing.queue.Standing.waiter;

import java.time.Duration;
import java.util.Map;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.TrafficClass;
import org.junit.jupiter.api.Test;

class WaitingQueueTest {
  private static final Flow BUSY = new Flow(TrafficClass.AGENT, "busy");

  private final WaitingQueue<Standing> queue = queue(3, Map.of());

  @Test
  void servesByClassThenByArrival() {
    queue.add(waiter("b1", TrafficClass.BATCH, 1));
    queue.add(waiter("i3", TrafficClass.INTERACTIVE, 3));
    queue.add(waiter("i2", TrafficClass.INTERACTIVE, 2));

    assertThat(queue.inOrder()).extracting(Standing::name).containsExactly("i2", "i3", "b1");
    assertThat(queue.position(RequestId.of("i2"))).isEqualTo(1);
    assertThat(queue.position(RequestId.of("b1"))).isEqualTo(3);
    assertThat(queue.position(RequestId.of("nobody"))).isZero();
  }

  @Test
  void agentsGrowOldLaterThanPeople() {
    var patient =
        new WaitingQueue<Standing>(
            new QueueSettings(
                9,
                9,
                9,
                Map.of(),
                50,
                0,
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                1,
                1,
                8,
                Duration.ofSeconds(15)));
    patient.add(waiter("agent", TrafficClass.AGENT, 1));
    assertThat(patient.isOldestsTurn(30_000)).isFalse();

    patient.add(waiter("person", TrafficClass.INTERACTIVE, 2));

    assertThat(patient.isOldestsTurn(30_000)).isTrue();
    assertThat(patient.old(30_000)).extracting(Standing::name).containsExactly("person");
    assertThat(patient.old(60_000)).extracting(Standing::name).containsExactly("agent", "person");
  }

  @Test
  void takesTurnsBetweenUsersHoweverManyRequestsOneHas() {
    for (int i = 0; i < 3; i++) {
      queue.add(person("hog" + i, "hog", 100, i));
    }
    queue.add(person("ada", "ada", 100, 10));
    queue.add(person("bob", "bob", 100, 11));

    assertThat(queue.inOrder())
        .extracting(Standing::name)
        .containsExactly("hog0", "ada", "bob", "hog1", "hog2");
  }

  @Test
  void countsTokensAndNotRequests() {
    for (int i = 0; i < 4; i++) {
      queue.add(person("short" + i, "ada", 100, i));
    }
    queue.add(person("long1", "bob", 300, 10));
    queue.add(person("long2", "bob", 300, 11));

    assertThat(queue.inOrder())
        .extracting(Standing::name)
        .containsExactly("short0", "short1", "short2", "long1", "short3", "long2");
  }

  @Test
  void letsShorterOnesOfOthersGoFirstUpToABound() {
    var shorter = queue(100, Map.of(), 2);
    for (int i = 0; i < 12; i++) {
      shorter.add(person("short" + i, "ada", 100, i));
    }
    shorter.add(person("long", "bob", 300, 0));
    shorter.add(person("same", "eve", 100, 20));

    assertThat(shorter.inOrder())
        .extracting(Standing::name)
        .as(
            "ada's seventh would leave her with 700, bob's with 300; twice their cost on top: as much")
        .containsSubsequence("short0", "same", "short1", "short5", "long", "short6")
        .startsWith("short0", "same");
  }

  @Test
  void agentsTakeTurnsHoweverShortTheirRequests() {
    var shorter = queue(100, Map.of(), 2);
    for (int i = 0; i < 6; i++) {
      var ada = new Flow(TrafficClass.AGENT, "ada");
      shorter.add(new Standing("short" + i, ada, 100, i, 0, false));
    }
    shorter.add(new Standing("long", new Flow(TrafficClass.AGENT, "bob"), 300, 9, 0, false));

    assertThat(shorter.position(RequestId.of("long"))).isEqualTo(4);
  }

  @Test
  void givesAWeightedUserAsManyTimesMore() {
    var weighted = queue(100, Map.of("ada", 2.0));
    for (int i = 0; i < 6; i++) {
      weighted.add(person("ada" + i, "ada", 100, i));
      weighted.add(person("bob" + i, "bob", 100, 10 + i));
    }

    var first = weighted.inOrder().subList(0, 6);

    assertThat(first.stream().filter(each -> each.flow().user().equals("ada"))).hasSize(4);
  }

  @Test
  void givesNothingForSilence() {
    for (int i = 0; i < 5; i++) {
      queue.served(person("hog" + i, "hog", 100, i), 0, false, false);
    }
    queue.add(person("late1", "late", 100, 10));
    queue.add(person("late2", "late", 100, 11));
    queue.add(person("late3", "late", 100, 12));
    queue.add(person("hog", "hog", 100, 13));

    assertThat(queue.position(RequestId.of("hog"))).isEqualTo(3);
  }

  @Test
  void tellsWhoWouldBeServedBeforeANewcomerWithoutTakingItIn() {
    queue.add(person("hog0", "hog", 100, 1));
    queue.add(person("hog1", "hog", 100, 2));

    assertThat(queue.before(person("ada", "ada", 100, 3)))
        .extracting(Standing::name)
        .containsExactly("hog0");
    assertThat(queue.size()).isEqualTo(2);
    assertThat(queue.inOrder()).extracting(Standing::name).containsExactly("hog0", "hog1");
  }

  @Test
  void pushesOutTheLatestOfWhoeverHasMost() {
    queue.add(person("hog0", "hog", 100, 1));
    queue.add(person("hog1", "hog", 100, 2));
    queue.add(person("ada0", "ada", 100, 3));

    assertThat(queue.isFull()).isTrue();
    assertThat(queue.pushedOutBy(person("bob0", "bob", 100, 4)))
        .extracting(Standing::name)
        .isEqualTo("hog1");
    assertThat(queue.pushedOutBy(person("ada1", "ada", 100, 5))).as("as many as the hog").isNull();
    assertThat(queue.pushedOutBy(person("hog2", "hog", 100, 6))).as("its own").isNull();
  }

  @Test
  void pushesOutTheLessUrgentFirst() {
    queue.add(waiter("b0", TrafficClass.BATCH, 1));
    queue.add(person("hog0", "hog", 100, 2));
    queue.add(person("hog1", "hog", 100, 3));

    assertThat(queue.pushedOutBy(person("hog2", "hog", 100, 4)))
        .extracting(Standing::name)
        .isEqualTo("b0");
    assertThat(queue.pushedOutBy(waiter("b1", TrafficClass.BATCH, 5))).isNull();
  }

  @Test
  void neverPushesOutWhatHadAPlaceBeforeAndLetsItInWhereItIsFull() {
    for (int i = 0; i < 3; i++) {
      queue.add(new Standing("back" + i, flow("hog"), 100, i, 0, true));
    }

    assertThat(queue.pushedOutBy(person("ada", "ada", 100, 9))).isNull();
    assertThat(queue.hasRoomFor(person("ada", "ada", 100, 9))).isFalse();
    var returning = new Standing("back9", flow("ada"), 100, 9, 0, true);
    assertThat(queue.hasRoomFor(returning)).isTrue();
    for (int i = 3; i < 6; i++) {
      queue.add(new Standing("back" + i, flow("hog"), 100, i, 0, true));
    }
    assertThat(queue.hasRoomFor(returning)).as("at twice the bound").isFalse();
  }

  @Test
  void refusesToHoldOneTwice() {
    queue.add(waiter("r", TrafficClass.AGENT, 0));

    assertThatThrownBy(() -> queue.add(waiter("r", TrafficClass.AGENT, 9)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void removesOnce() {
    queue.add(waiter("r1", TrafficClass.AGENT, 1));

    assertThat(queue.remove(RequestId.of("r1"))).isTrue();
    assertThat(queue.remove(RequestId.of("r1"))).isFalse();
    assertThat(queue.inOrder()).isEmpty();
  }

  @Test
  void tellsWhoseTimeIsOver() {
    queue.add(waiter("r1", TrafficClass.AGENT, 10));
    queue.add(waiter("r2", TrafficClass.AGENT, 20));

    assertThat(queue.expired(1_010)).extracting(Standing::name).containsExactly("r1");
    assertThat(queue.expired(1_009)).isEmpty();
  }

  @Test
  void givesTheOldestItsTurnOnlyOnceItHasWaitedForLongAndOthersWentBefore() {
    queue.add(waiter("b", TrafficClass.BATCH, 0));

    for (int i = 0; i < EVERY_UNWATCHED - 1; i++) {
      assertThat(queue.isOldestsTurn(1_000)).isFalse();
      queue.served(person("i" + i, "ada", 100, 10 + i), 1_000, true, false);
    }

    assertThat(queue.isOldestsTurn(999)).isFalse();
    assertThat(queue.isOldestsTurn(1_000)).isTrue();
    assertThat(queue.old(1_000)).extracting(Standing::name).containsExactly("b");
    queue.served(waiter("b", TrafficClass.BATCH, 0), 1_000, true, true);
    assertThat(queue.isOldestsTurn(1_000)).isFalse();
  }

  @Test
  void remembersNoMoreUsersThanItMay() {
    for (int i = 0; i < 500; i++) {
      queue.served(person("r" + i, "user" + i, 100, i), 0, false, false);
    }

    assertThat(queue.shares().size()).isLessThanOrEqualTo(50);
  }

  @Test
  void agentsThatPushNobodyOutOfACacheComeFirst() {
    queue.served(agent("under way", BUSY, 0, true), 0, false, false);
    queue.add(agent("evicts", BUSY, 1, true));
    queue.add(agent("cached", BUSY, 2, false));
    queue.add(agent("newcomer", new Flow(TrafficClass.AGENT, "idle"), 3, true));

    assertThat(queue.inOrder())
        .extracting(Standing::name)
        .as("who evicts waits, unless its user was given nothing lately")
        .containsExactly("newcomer", "cached", "evicts");

    queue.served(
        agent("another", new Flow(TrafficClass.AGENT, "other"), 4, true), 40_000, false, false);

    assertThat(queue.inOrder())
        .extracting(Standing::name)
        .containsExactly("newcomer", "evicts", "cached");
  }

  @Test
  void peopleAreNotPutBackForTheCache() {
    queue.add(new Standing("evicts", flow("ada"), 100, 1, 0, false, true));
    queue.add(new Standing("cached", flow("ada"), 100, 2, 0, false, false));

    assertThat(queue.inOrder()).extracting(Standing::name).containsExactly("evicts", "cached");
  }

  @Test
  void agentsThatHaveWaitedForLongHaveFewerTurnsThanPeople() {
    queue.add(waiter("agent", TrafficClass.AGENT, 1));
    for (int i = 0; i < EVERY - 1; i++) {
      queue.served(person("r" + i, "bob", 1, 10 + i), 2_000, true, false);
    }
    assertThat(queue.isOldestsTurn(2_000)).isFalse();

    queue.add(waiter("person", TrafficClass.INTERACTIVE, 2));

    assertThat(queue.isOldestsTurn(2_000)).isTrue();
  }
}
