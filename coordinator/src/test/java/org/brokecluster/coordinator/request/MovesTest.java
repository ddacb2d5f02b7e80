package org.brokecluster.coordinator.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.request.Lives.ALL_WAYS;
import static org.brokecluster.coordinator.request.Lives.FIRST;
import static org.brokecluster.coordinator.request.Lives.MINI;
import static org.brokecluster.coordinator.request.Lives.QWEN;
import static org.brokecluster.coordinator.request.Lives.SECOND;
import static org.brokecluster.coordinator.request.Lives.STUDIO;
import static org.brokecluster.coordinator.request.Lives.THIRD;
import static org.brokecluster.coordinator.request.Lives.at;
import static org.brokecluster.coordinator.request.Lives.batch;
import static org.brokecluster.coordinator.request.Lives.begun;
import static org.brokecluster.coordinator.request.Lives.ended;
import static org.brokecluster.coordinator.request.Lives.failure;
import static org.brokecluster.coordinator.request.Lives.life;
import static org.brokecluster.coordinator.request.Lives.nobodyLeft;
import static org.brokecluster.coordinator.request.Lives.only;
import static org.brokecluster.coordinator.request.Lives.rules;
import static org.brokecluster.coordinator.request.Lives.started;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.RouterProtocol.Continues;
import org.brokecluster.protocol.router.Tried;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Goal: a request leaves a node that is leaving before that is gone, and loses nothing by it. */
class MovesTest {
  /** From this time on a first token is late: the margin of {@link Lives}. */
  private static final long LATE = 10_000;

  @Test
  void asksForAnotherPlaceWhileTheOldOneGoesOn() {
    var life = begun(rules(true), TokenChunk.content("Once "));

    var submit = only(life.handOver(10, FIRST), LifeAction.Submit.class);

    assertThat(submit.attempt()).isEqualTo(SECOND);
    assertThat(submit.beside()).isEqualTo(1);
    assertThat(submit.avoid()).containsExactly(new Tried(STUDIO, null, Kind.NODE_STOPPING, 1));
    assertThat(submit.continues()).isEqualTo(new Continues(QWEN, Tier.BALANCED));
    assertThat(text(life.tokens(20, batch(FIRST, 2, TokenChunk.content("upon ")))))
        .isEqualTo("upon ");
    assertThat(life.handOver(30, FIRST)).as("asked again").isEmpty();
  }

  @Test
  void theNewAttemptTakesOverWithItsFirstTokenAndNoCharacterIsLostOrRepeated() {
    var life = begun(rules(true), TokenChunk.content("Once "));
    life.handOver(10, FIRST);

    var prompted = life.ready(20, SECOND, at(MINI), ALL_WAYS, false);
    var held = life.tokens(30, batch(FIRST, 2, TokenChunk.content("upon ")));
    var taken = life.tokens(40, batch(SECOND, 1, TokenChunk.content("upon a ")));

    assertThat(only(prompted, LifeAction.SendPrompt.class).attempt()).isEqualTo(SECOND);
    assertThat(life.continuation().content()).startsWith("Once ");
    assertThat(held).isEmpty();
    assertThat(taken).contains(new LifeAction.Cancel(FIRST));
    assertThat(text(taken)).isEqualTo("upon a ");
    var report = only(taken, LifeAction.Report.class).report();
    assertThat(report.outcome()).isEqualTo(AttemptOutcome.HANDED_OVER);
    assertThat(report.failure()).isNull();
    assertThat(report.last()).isFalse();
    assertThat(only(taken, LifeAction.Note.class).text()).contains("the answer moved: node mini");
    assertThat(life.placement()).isEqualTo(at(MINI));
    assertThat(life.tokens(50, batch(FIRST, 3, TokenChunk.content("never")))).isEmpty();
    var end = life.ended(60, ended(SECOND, 1, new Usage(12, 2, 0)));
    assertThat(only(end, LifeAction.Finish.class).usage().completionTokens()).isEqualTo(3);
  }

  @Test
  void whatWasHeldBackIsHandedOnWhenTheNewAttemptBreaks() {
    var life = begun(rules(true), TokenChunk.content("Once "));
    life.handOver(10, FIRST);
    life.ready(20, SECOND, at(MINI), ALL_WAYS, false);
    life.tokens(30, batch(FIRST, 2, TokenChunk.content("upon ")));
    life.tokens(31, batch(FIRST, 3, TokenChunk.content("a ")));

    var actions = life.failed(40, SECOND, failure(Kind.RUNTIME_ERROR));

    assertThat(actions).contains(new LifeAction.Cancel(SECOND));
    assertThat(text(actions)).isEqualTo("upon a ");
    assertThat(actions).noneMatch(LifeAction.Report.class::isInstance);
    assertThat(text(life.tokens(50, batch(FIRST, 4, TokenChunk.content("time")))))
        .isEqualTo("time");
    var end = life.ended(60, ended(FIRST, 4, new Usage(9, 4, 0)));
    assertThat(only(end, LifeAction.Finish.class).usage()).isEqualTo(new Usage(9, 4, 0));
  }

  @Test
  void anOldAttemptThatEndsFirstIsTheAnswer() {
    var life = begun(rules(true), TokenChunk.content("Once "));
    life.handOver(10, FIRST);
    life.ready(20, SECOND, at(MINI), ALL_WAYS, false);
    life.tokens(30, batch(FIRST, 2, TokenChunk.content("upon")));

    var actions = life.ended(40, ended(FIRST, 2, new Usage(9, 2, 0)));

    assertThat(actions.get(0)).isEqualTo(new LifeAction.Cancel(SECOND));
    assertThat(text(actions)).isEqualTo("upon");
    assertThat(actions).anyMatch(LifeAction.Finish.class::isInstance);
    assertThat(life.tokens(50, batch(SECOND, 1, TokenChunk.content("upon")))).isEmpty();
  }

  @Test
  void anOldAttemptThatBreaksIsFollowedByTheNewOneAtOnce() {
    var life = begun(rules(true), TokenChunk.content("Once "));
    life.handOver(10, FIRST);
    life.ready(20, SECOND, at(MINI), ALL_WAYS, false);
    life.tokens(30, batch(FIRST, 2, TokenChunk.content("upon ")));

    var broke = life.nodeLost(40, FIRST, "silent");

    assertThat(broke).noneMatch(LifeAction.Submit.class::isInstance);
    assertThat(text(broke)).isEmpty();
    assertThat(text(life.tokens(50, batch(SECOND, 1, TokenChunk.content("upon ")))))
        .isEqualTo("upon ");
  }

  @Test
  void asksOnceForAQuickerPlaceWhenTheFirstTokenIsLate() {
    var life = slowlyRunning();
    assertThat(life.tick(LATE - 1)).isEmpty();

    var submit = only(life.tick(LATE), LifeAction.Submit.class);

    assertThat(submit.beside()).isEqualTo(1);
    assertThat(submit.avoid()).containsExactly(new Tried(STUDIO, QWEN, Kind.STALLED, 1));
    life.refused(LATE + 1, nobodyLeft(SECOND));
    assertThat(life.tick(LATE + 5_000)).as("asked again").isEmpty();
    assertThat(text(life.tokens(LATE + 6_000, batch(FIRST, 1, TokenChunk.content("Once")))))
        .isEqualTo("Once");
  }

  @Test
  void movesToWhereTheFirstTokenIsPredictedSoonerThanTheRestOfTheWait() {
    var life = slowlyRunning();
    life.tick(LATE);

    var taken = life.ready(LATE + 10, SECOND, at(MINI), ALL_WAYS, false);

    assertThat(taken).contains(new LifeAction.Cancel(FIRST));
    assertThat(only(taken, LifeAction.SendPrompt.class).attempt()).isEqualTo(SECOND);
    var report = only(taken, LifeAction.Report.class).report();
    assertThat(report.outcome()).isEqualTo(AttemptOutcome.HANDED_OVER);
    assertThat(report.error()).isEqualTo("first_token_late");
  }

  @Test
  void staysWhereTheFirstTokenIsPredictedLaterThanTheRestOfTheWait() {
    var life = slowlyRunning();
    life.tick(LATE);

    var taken = life.ready(LATE + 10, SECOND, slow(MINI, 35_000), ALL_WAYS, false);

    assertThat(taken).containsExactly(new LifeAction.Cancel(SECOND));
    assertThat(life.placement()).isEqualTo(slow(STUDIO, 10_000));
  }

  @Test
  void aLateAnswerThatBeginsAfterAllStays() {
    var life = slowlyRunning();
    life.tick(LATE);

    var spoken = life.tokens(LATE + 5, batch(FIRST, 1, TokenChunk.content("Once")));

    assertThat(text(spoken)).isEqualTo("Once");
    assertThat(life.ready(LATE + 10, SECOND, at(MINI), ALL_WAYS, false))
        .containsExactly(new LifeAction.Cancel(SECOND));
  }

  /** The first attempt has its prompt, and may be without a word for 40 s. */
  private static RequestLife slowlyRunning() {
    var life = started(true);
    life.ready(0, FIRST, slow(STUDIO, 10_000), ALL_WAYS, false);
    return life;
  }

  private static Placement slow(NodeId node, long firstTokenMs) {
    return new Placement(
        QWEN, node, Tier.BALANCED, "balanced", 0.2, "prior", firstTokenMs, 50_000, 0);
  }

  @Test
  void staysWhereItIsWhenNobodyElseCanAndAsksAgainLater() {
    var life = begun(rules(true), TokenChunk.content("Once "));
    life.handOver(10, FIRST);

    var refused = nobodyLeft(SECOND);
    assertThat(life.refused(20, refused)).isEmpty();

    assertThat(life.isOver()).isFalse();
    assertThat(life.handOver(1_000, FIRST)).isEmpty();
    assertThat(only(life.handOver(2_020, FIRST), LifeAction.Submit.class).attempt())
        .isEqualTo(THIRD);
  }

  @Test
  void whatHasNotBegunMovesAsSoonAsAnotherNodeHasIt() {
    var life = started(true);
    life.ready(1, FIRST, at(STUDIO), ALL_WAYS, false);
    life.handOver(10, FIRST);

    var actions = life.ready(20, SECOND, at(MINI), ALL_WAYS, false);

    assertThat(actions)
        .contains(
            new LifeAction.Cancel(FIRST),
            new LifeAction.Restart(),
            new LifeAction.SendPrompt(SECOND, at(MINI), null));
    assertThat(only(actions, LifeAction.Report.class).report().outcome())
        .isEqualTo(AttemptOutcome.HANDED_OVER);
  }

  @Test
  void aNodeThatStopsCountsAsNoFailureHoweverOften() {
    var life = begun(rules(true), TokenChunk.content("Once "));
    var attempt = FIRST;
    for (int i = 1; i <= 6; i++) {
      var actions = life.failed(10L * i, attempt, failure(Kind.NODE_STOPPING));
      var report = only(actions, LifeAction.Report.class).report();
      assertThat(report.outcome()).isEqualTo(AttemptOutcome.HANDED_OVER);
      attempt = life.attempt();
      life.ready(10L * i + 5, attempt, at(NodeId.of("n" + i)), ALL_WAYS, false);
    }

    assertThat(text(life.tokens(99, batch(attempt, 1, TokenChunk.content("upon")))))
        .isEqualTo("upon");
  }

  @Test
  void aClientThatHangsUpEndsBoth() {
    var life = begun(rules(true), TokenChunk.content("Once "));
    life.handOver(10, FIRST);
    life.ready(20, SECOND, at(MINI), ALL_WAYS, false);

    assertThat(life.clientGone(30))
        .contains(new LifeAction.Cancel(FIRST), new LifeAction.Cancel(SECOND));
  }

  @Test
  void aToolCallStaysWhereItIs() {
    var life = started(true);
    life.ready(1, FIRST, at(STUDIO), ALL_WAYS, false);
    var call = new TokenChunk(TokenChunk.Kind.TOOL_CALL, 0, "call_1", "weather", "{");
    life.tokens(5, new TokenBatch(FIRST, 1, List.of(call)));

    assertThat(life.handOver(10, FIRST)).isEmpty();
  }

  static LongStream seeds() {
    return LongStream.range(0, 2_000);
  }

  /**
   * Every node makes the same text from wherever it was told that the client is. Whatever happens
   * in which order, the client has that text and nothing else, and its request ends once.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void theClientsTextIsTheSameWhateverHappens(long seed) {
    var random = new Random(seed);
    var made = new HashMap<AttemptId, Integer>();
    var sent = new HashMap<AttemptId, Long>();
    var open = new ArrayList<AttemptId>();
    var placing = new ArrayList<AttemptId>();
    var client = new StringBuilder();
    var whole = "0123456789abcdefghijklmnopqrstuvwxyz";
    int ends = 0;
    var life = life(rules(true));
    var actions = life.start(0);
    for (long now = 1; ends == 0 && now < 20_000; now++) {
      for (var action : actions) {
        if (action instanceof LifeAction.Submit submit && !placing.contains(submit.attempt())) {
          placing.add(submit.attempt());
        } else if (action instanceof LifeAction.SendPrompt prompt) {
          open.add(prompt.attempt());
          made.put(prompt.attempt(), prompt.resume() == null ? 0 : client.length());
          sent.put(prompt.attempt(), 0L);
        } else if (action instanceof LifeAction.Cancel cancel && random.nextInt(4) > 0) {
          open.remove(cancel.attempt());
        } else if (action instanceof LifeAction.Emit emit) {
          emit.chunks().forEach(chunk -> client.append(chunk.text()));
        } else if (action instanceof LifeAction.Finish || action instanceof LifeAction.Fail) {
          ends++;
        }
      }
      assertThat(whole).startsWith(client.toString());
      actions = List.of();
      int dice = random.nextInt(20);
      if (dice == 0) {
        actions = life.handOver(now, life.attempt());
      } else if (dice < 4 && !placing.isEmpty()) {
        var attempt = placing.remove(random.nextInt(placing.size()));
        actions =
            life.ready(now, attempt, at(random.nextBoolean() ? MINI : STUDIO), ALL_WAYS, false);
      } else if (dice == 4 && !placing.isEmpty()) {
        var attempt = placing.get(random.nextInt(placing.size()));
        if (!attempt.equals(life.attempt())) {
          placing.remove(attempt);
          actions = life.refused(now, nobodyLeft(attempt));
        }
      } else if (dice < 7 && !open.isEmpty() && random.nextInt(3) == 0) {
        var attempt = open.remove(random.nextInt(open.size()));
        actions = life.failed(now, attempt, failure(Kind.NODE_STOPPING));
      } else if (!open.isEmpty()) {
        var attempt = open.get(random.nextInt(open.size()));
        int at = made.get(attempt);
        if (at == whole.length()) {
          open.remove(attempt);
          actions = life.ended(now, ended(attempt, sent.get(attempt), new Usage(1, at, 0)));
        } else {
          made.put(attempt, at + 1);
          long sequence = sent.merge(attempt, 1L, Long::sum);
          actions =
              life.tokens(
                  now, batch(attempt, sequence, TokenChunk.content(whole.substring(at, at + 1))));
        }
      } else {
        actions = life.tick(now);
      }
    }

    assertThat(ends).isEqualTo(1);
    assertThat(life.isOver()).isTrue();
  }

  private static String text(List<LifeAction> actions) {
    var text = new StringBuilder();
    for (var action : actions) {
      if (action instanceof LifeAction.Emit emit) {
        emit.chunks().forEach(chunk -> text.append(chunk.text()));
      }
    }
    return text.toString();
  }
}
