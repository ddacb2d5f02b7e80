package org.brokecluster.node.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.node.NodeProtocol.TicketRefusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdmissionTest {
  private static final ModelId MODEL = ModelId.of("m");
  private static final ModelId OTHER = ModelId.of("other");

  private final Admission admission = new Admission(16, 0, false);
  private long number;

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @Test
  void admitsAndGivesSlotsInTheOrderOfCompletePrompts() {
    admit(1, 2, 3);

    complete(3, 1, 2);

    assertThat(grants(2)).containsExactly(attempt(3), attempt(1));
    assertThat(admission.running(MODEL)).isEqualTo(2);
    assertThat(admission.waiting(MODEL)).isEqualTo(1);
    assertThat(admission.slotFreed(attempt(3))).map(Order::number).contains(1L + 2);
    assertThat(grants(2)).containsExactly(attempt(2));
  }

  @Test
  void takesOneTicketForEachSlotBeyondThoseRunning() {
    admit(1, 2, 3, 4);

    assertThat(offer(5, 1)).isEqualTo(new Verdict.Refused(TicketRefusal.FULL, 1));
    assertThat(admission.offer(new Order(attempt(6), 1, 6, OTHER), 1))
        .isInstanceOf(Verdict.Admitted.class);
    admission.ended(attempt(1));
    assertThat(offer(7, 1)).isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  void refusesWhatItCannotServe() {
    assertThat(admission.offer(new Order(attempt(1), 1, 1, MODEL), 0))
        .isEqualTo(new Verdict.Refused(TicketRefusal.MODEL_UNAVAILABLE, 1));
    admit(2);
    admission.drain(true);
    assertThat(offer(3, 1)).isEqualTo(new Verdict.Refused(TicketRefusal.DRAINING, 1));
    assertThat(offer(2, 1)).isInstanceOf(Verdict.Again.class);
  }

  @Test
  void refusesAnOlderTermAndCountsTicketsOfTheNewestOnly() {
    admit(1);
    assertThat(offer(2, 5)).isInstanceOf(Verdict.Admitted.class);
    assertThat(admission.openTickets()).containsExactly(2L);
    assertThat(admission.ticketSeen()).isEqualTo(2);

    assertThat(offer(3, 4)).isEqualTo(new Verdict.Refused(TicketRefusal.STALE_TERM, 5));
    assertThat(offer(1, 4)).isEqualTo(new Verdict.Refused(TicketRefusal.STALE_TERM, 5));
    assertThat(admission.ticketSeen()).isEqualTo(2);
    assertThat(new Admission(16, 9, false).offer(new Order(attempt(1), 8, 1, MODEL), 1))
        .isEqualTo(new Verdict.Refused(TicketRefusal.STALE_TERM, 9));
  }

  @Test
  void runsAnOpenAttemptOnUnderTheNewRoutersTicket() {
    admit(1);
    complete(1);
    grants(2);

    var verdict = admission.offer(new Order(attempt(1), 7, 1, MODEL), 2);

    assertThat(verdict).isEqualTo(new Verdict.Again(Verdict.Stage.RUNNING));
    assertThat(admission.openTickets()).containsExactly(1L);
    assertThat(admission.slotFreed(attempt(1))).contains(new Order(attempt(1), 7, 1, MODEL));
    assertThat(admission.openTickets()).isEmpty();
  }

  @Test
  void freesTheSlotLongBeforeTheAttemptEnds() {
    admit(1, 2, 3);
    complete(1, 2, 3);
    assertThat(grants(2)).hasSize(2);

    admission.slotFreed(attempt(1));

    assertThat(grants(2)).containsExactly(attempt(3));
    assertThat(admission.open()).isEqualTo(3);
    assertThat(offer(1, 1)).isEqualTo(new Verdict.Again(Verdict.Stage.SLOT_FREED));
    assertThat(admission.ended(attempt(1))).isEmpty();
    assertThat(offer(1, 1)).isInstanceOf(Verdict.Over.class);
  }

  @Test
  void remembersNoMoreEndedAttemptsThanItMay() {
    for (int i = 1; i <= 100; i++) {
      admission.cancel(attempt(i));
    }

    assertThat(admission.tombstones()).isEqualTo(16);
    assertThat(offer(100, 1)).isInstanceOf(Verdict.Over.class);
    assertThat(offer(84, 1)).isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  void keepsOneSlotToEndByWhenAModelVanishes() {
    admit(1);
    complete(1);

    admission.slots(MODEL, 0);

    assertThat(grants(1)).containsExactly(attempt(1));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aCancelWinsWhereverItComes(long seed) {
    var random = new Random(seed);
    var steps = new ArrayList<Runnable>();
    steps.add(() -> offer(1, 1));
    steps.add(() -> admission.promptComplete(attempt(1)));
    steps.add(() -> grants(1));
    steps.add(random.nextInt(4), () -> admission.cancel(attempt(1)));

    steps.forEach(Runnable::run);
    // Whatever was opened for it ends by its actor, which the cancel stops.
    admission.ended(attempt(1));

    assertThat(admission.running()).isZero();
    assertThat(admission.open()).isZero();
    assertThat(offer(1, 1)).isInstanceOf(Verdict.Over.class);
    assertThat(grants(1)).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void oneTicketSentThreeTimesIsOneAttempt(long seed) {
    var random = new Random(seed);
    var steps = new ArrayList<Integer>(List.of(0, 0, 0, 1, 2, 3));
    Collections.shuffle(steps, random);
    int admitted = 0;
    int granted = 0;
    for (int step : steps) {
      switch (step) {
        case 0 -> admitted += offer(1, 1) instanceof Verdict.Admitted ? 1 : 0;
        case 1 -> admission.promptComplete(attempt(1));
        case 2 -> admission.slotFreed(attempt(1));
        default -> admission.ended(attempt(1));
      }
      granted += grants(1).size();
    }

    assertThat(admitted).isLessThanOrEqualTo(1);
    assertThat(granted).isLessThanOrEqualTo(1);
  }

  /**
   * Goal: whatever comes in whatever order, no model runs more than it has slots or takes more than
   * twice that, and in the end everything is given back. Method: random steps against counts kept
   * beside it.
   */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverRunsMoreThanItHasSlotsAndEndsEmpty(long seed) {
    var random = new Random(seed);
    var slots = Map.of(MODEL, 1 + random.nextInt(4), OTHER, 1 + random.nextInt(2));
    var models = new HashMap<AttemptId, ModelId>();
    for (int step = 0; step < 400; step++) {
      var attempt = attempt(1 + random.nextInt(40));
      var model = models.computeIfAbsent(attempt, id -> random.nextBoolean() ? MODEL : OTHER);
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          var order = new Order(attempt, 1 + step / 100, ++number, model);
          admission.offer(order, slots.getOrDefault(model, 0));
        }
        case 2 -> admission.promptComplete(attempt);
        case 3 -> admission.slotFreed(attempt);
        case 4 -> admission.ended(attempt);
        default -> {
          if (random.nextInt(4) == 0) {
            admission.cancel(attempt);
          }
        }
      }
      grants(40);
      slots.forEach(
          (each, count) -> {
            assertThat(admission.running(each)).isBetween(0, count);
            assertThat(admission.running(each) + admission.waiting(each)).isBetween(0, 2 * count);
          });
      assertThat(admission.tombstones()).isLessThanOrEqualTo(16);
    }
    IntStream.rangeClosed(1, 40).forEach(i -> admission.ended(attempt(i)));

    assertThat(admission.open()).isZero();
    assertThat(admission.running()).isZero();
    assertThat(admission.waiting()).isZero();
    assertThat(admission.openTickets()).isEmpty();
    assertThat(admission.grant()).isEmpty();
  }

  private void admit(int... requests) {
    for (int request : requests) {
      assertThat(offer(request, 1)).isInstanceOf(Verdict.Admitted.class);
    }
  }

  private Verdict offer(int request, long term) {
    return admission.offer(new Order(attempt(request), term, ++number, MODEL), 2);
  }

  private void complete(int... requests) {
    for (int request : requests) {
      admission.promptComplete(attempt(request));
    }
  }

  private List<AttemptId> grants(int max) {
    var granted = new ArrayList<AttemptId>();
    for (var next = admission.grant(); next.isPresent(); next = admission.grant()) {
      granted.add(next.get());
    }
    assertThat(granted).hasSizeLessThanOrEqualTo(max);
    return granted;
  }

  private static AttemptId attempt(int request) {
    return new AttemptId(RequestId.of("r" + request), 1);
  }
}
