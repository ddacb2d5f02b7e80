package org.brokecluster.coordinator.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.brokecluster.protocol.edge.EdgeProtocol.AttemptEnded;
import org.brokecluster.protocol.edge.EdgeProtocol.Refused;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.RouterProtocol.Continues;
import org.brokecluster.protocol.router.Tried;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Goal: a request leaves a node that is leaving before that is gone, and loses nothing by it. */
class MovesTest {
  private static final RequestId REQUEST = RequestId.of("r");
  private static final AttemptId FIRST = new AttemptId(REQUEST, 1);
  private static final AttemptId SECOND = FIRST.next();
  private static final AttemptId THIRD = SECOND.next();
  private static final NodeId STUDIO = NodeId.of("studio");
  private static final NodeId MINI = NodeId.of("mini");
  private static final ModelId QWEN = ModelId.of("qwen");
  private static final Set<ResumeWay> ALL = EnumSet.allOf(ResumeWay.class);
  private static final LifeLimits LIMITS =
      new LifeLimits(
          Duration.ofMillis(500),
          Duration.ofSeconds(30),
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(120),
          2,
          Duration.ofSeconds(4));

  @Test
  void asksForAnotherPlaceWhileTheOldOneGoesOn() {
    var life = begun(true, "Once ");

    var submit = only(life.handOver(10, FIRST), LifeAction.Submit.class);

    assertThat(submit.attempt()).isEqualTo(SECOND);
    assertThat(submit.beside()).isEqualTo(1);
    assertThat(submit.avoid()).containsExactly(new Tried(STUDIO, null, Kind.NODE_STOPPING, 1));
    assertThat(submit.continues()).isEqualTo(new Continues(QWEN, Tier.BALANCED));
    assertThat(text(life.tokens(20, batch(FIRST, 2, "upon ")))).isEqualTo("upon ");
    assertThat(life.handOver(30, FIRST)).as("asked again").isEmpty();
  }

  @Test
  void theNewAttemptTakesOverWithItsFirstTokenAndNoCharacterIsLostOrRepeated() {
    var life = begun(true, "Once ");
    life.handOver(10, FIRST);

    var prompted = life.ready(20, SECOND, at(MINI), ALL, false);
    var held = life.tokens(30, batch(FIRST, 2, "upon "));
    var taken = life.tokens(40, batch(SECOND, 1, "upon a "));

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
    assertThat(life.tokens(50, batch(FIRST, 3, "never"))).isEmpty();
    var end = life.ended(60, ended(SECOND, 1, new Usage(12, 2, 0)));
    assertThat(only(end, LifeAction.Finish.class).usage().completionTokens()).isEqualTo(3);
  }

  @Test
  void whatWasHeldBackIsHandedOnWhenTheNewAttemptBreaks() {
    var life = begun(true, "Once ");
    life.handOver(10, FIRST);
    life.ready(20, SECOND, at(MINI), ALL, false);
    life.tokens(30, batch(FIRST, 2, "upon "));
    life.tokens(31, batch(FIRST, 3, "a "));

    var actions = life.failed(40, SECOND, failure(Kind.RUNTIME_ERROR));

    assertThat(actions).contains(new LifeAction.Cancel(SECOND));
    assertThat(text(actions)).isEqualTo("upon a ");
    assertThat(actions).noneMatch(LifeAction.Report.class::isInstance);
    assertThat(text(life.tokens(50, batch(FIRST, 4, "time")))).isEqualTo("time");
    var end = life.ended(60, ended(FIRST, 4, new Usage(9, 4, 0)));
    assertThat(only(end, LifeAction.Finish.class).usage()).isEqualTo(new Usage(9, 4, 0));
  }

  @Test
  void anOldAttemptThatEndsFirstIsTheAnswer() {
    var life = begun(true, "Once ");
    life.handOver(10, FIRST);
    life.ready(20, SECOND, at(MINI), ALL, false);
    life.tokens(30, batch(FIRST, 2, "upon"));

    var actions = life.ended(40, ended(FIRST, 2, new Usage(9, 2, 0)));

    assertThat(actions.get(0)).isEqualTo(new LifeAction.Cancel(SECOND));
    assertThat(text(actions)).isEqualTo("upon");
    assertThat(actions).anyMatch(LifeAction.Finish.class::isInstance);
    assertThat(life.tokens(50, batch(SECOND, 1, "upon"))).isEmpty();
  }

  @Test
  void anOldAttemptThatBreaksIsFollowedByTheNewOneAtOnce() {
    var life = begun(true, "Once ");
    life.handOver(10, FIRST);
    life.ready(20, SECOND, at(MINI), ALL, false);
    life.tokens(30, batch(FIRST, 2, "upon "));

    var broke = life.nodeLost(40, FIRST, "silent");

    assertThat(broke).noneMatch(LifeAction.Submit.class::isInstance);
    assertThat(text(broke)).isEmpty();
    assertThat(text(life.tokens(50, batch(SECOND, 1, "upon ")))).isEqualTo("upon ");
  }

  @Test
  void staysWhereItIsWhenNobodyElseCanAndAsksAgainLater() {
    var life = begun(true, "Once ");
    life.handOver(10, FIRST);

    var refused = new Refused(SECOND, 1, Refusal.NO_CANDIDATE_LEFT, "nobody", null);
    assertThat(life.refused(20, refused)).isEmpty();

    assertThat(life.isOver()).isFalse();
    assertThat(life.handOver(1_000, FIRST)).isEmpty();
    assertThat(only(life.handOver(2_020, FIRST), LifeAction.Submit.class).attempt())
        .isEqualTo(THIRD);
  }

  @Test
  void whatHasNotBegunMovesAsSoonAsAnotherNodeHasIt() {
    var life = life(true);
    life.ready(1, FIRST, at(STUDIO), ALL, false);
    life.handOver(10, FIRST);

    var actions = life.ready(20, SECOND, at(MINI), ALL, false);

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
    var life = begun(true, "Once ");
    var attempt = FIRST;
    for (int i = 1; i <= 6; i++) {
      var actions = life.failed(10L * i, attempt, failure(Kind.NODE_STOPPING));
      var report = only(actions, LifeAction.Report.class).report();
      assertThat(report.outcome()).isEqualTo(AttemptOutcome.HANDED_OVER);
      attempt = life.attempt();
      life.ready(10L * i + 5, attempt, at(NodeId.of("n" + i)), ALL, false);
    }

    assertThat(text(life.tokens(99, batch(attempt, 1, "upon")))).isEqualTo("upon");
  }

  @Test
  void aClientThatHangsUpEndsBoth() {
    var life = begun(true, "Once ");
    life.handOver(10, FIRST);
    life.ready(20, SECOND, at(MINI), ALL, false);

    assertThat(life.clientGone(30))
        .contains(new LifeAction.Cancel(FIRST), new LifeAction.Cancel(SECOND));
  }

  @Test
  void aToolCallStaysWhereItIs() {
    var life = life(true);
    life.ready(1, FIRST, at(STUDIO), ALL, false);
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
    var life = new RequestLife(REQUEST, rules(true), 0, 600_000, LIMITS);
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
        actions = life.ready(now, attempt, at(random.nextBoolean() ? MINI : STUDIO), ALL, false);
      } else if (dice == 4 && !placing.isEmpty()) {
        var attempt = placing.get(random.nextInt(placing.size()));
        if (!attempt.equals(life.attempt())) {
          placing.remove(attempt);
          actions =
              life.refused(now, new Refused(attempt, 1, Refusal.NO_CANDIDATE_LEFT, "nobody", null));
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
          actions = life.tokens(now, batch(attempt, sequence, whole.substring(at, at + 1)));
        }
      } else {
        actions = life.tick(now);
      }
    }

    assertThat(ends).isEqualTo(1);
    assertThat(life.isOver()).isTrue();
  }

  private static RequestLife life(boolean streamed) {
    var life = new RequestLife(REQUEST, rules(streamed), 0, 600_000, LIMITS);
    life.start(0);
    return life;
  }

  private static RescueRules rules(boolean streamed) {
    return new RescueRules(streamed, false, false, false, true, null, 1_000);
  }

  private static RequestLife begun(boolean streamed, String text) {
    var life = life(streamed);
    life.ready(1, FIRST, at(STUDIO), ALL, false);
    life.tokens(5, batch(FIRST, 1, text));
    return life;
  }

  private static TokenBatch batch(AttemptId attempt, long sequence, String text) {
    return new TokenBatch(attempt, sequence, List.of(TokenChunk.content(text)));
  }

  private static AttemptEnded ended(AttemptId attempt, long sequence, Usage usage) {
    return new AttemptEnded(attempt, sequence, FinishReason.STOP, usage, 0, 0, 1, 1);
  }

  private static AttemptFailure failure(Kind kind) {
    return AttemptFailure.of(kind, "x", "it did not work");
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

  private static <T extends LifeAction> T only(List<LifeAction> actions, Class<T> kind) {
    var found = actions.stream().filter(kind::isInstance).map(kind::cast).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static Placement at(NodeId node) {
    return new Placement(QWEN, node, Tier.BALANCED, "balanced", 0.2, "prior", 10, 100, 0);
  }
}
