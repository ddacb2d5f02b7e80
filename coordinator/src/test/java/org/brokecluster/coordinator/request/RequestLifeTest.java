package org.brokecluster.coordinator.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.edge.EdgeProtocol.AttemptEnded;
import org.brokecluster.protocol.edge.EdgeProtocol.Phase;
import org.brokecluster.protocol.edge.EdgeProtocol.Progress;
import org.brokecluster.protocol.edge.EdgeProtocol.Refused;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.Tried;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RequestLifeTest {
  private static final RequestId REQUEST = RequestId.of("r");
  private static final AttemptId FIRST = new AttemptId(REQUEST, 1);
  private static final AttemptId SECOND = FIRST.next();
  private static final NodeId NODE = NodeId.of("studio");
  private static final List<AttemptFailure.Kind> KINDS =
      List.copyOf(EnumSet.allOf(AttemptFailure.Kind.class));
  private static final LifeLimits LIMITS =
      new LifeLimits(
          Duration.ofMillis(500),
          Duration.ofSeconds(30),
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(120),
          4,
          Duration.ofSeconds(4));

  private static final Set<ResumeWay> ALL_WAYS = EnumSet.allOf(ResumeWay.class);

  @Test
  void repeatsAnUnansweredSubmitMoreAndMoreSlowly() {
    var life = life(true);

    assertThat(life.start(0)).singleElement().isInstanceOf(LifeAction.Submit.class);
    var times = new ArrayList<Long>();
    for (long now = 0; now <= 8_000; now += 100) {
      if (life.tick(now).stream().anyMatch(LifeAction.Submit.class::isInstance)) {
        times.add(now);
      }
    }

    assertThat(times).containsExactly(500L, 1_500L, 3_500L, 7_500L);
  }

  @Test
  void sendsThePromptToTheFirstReadyAndCancelsAnyOther() {
    var life = started(true);

    assertThat(life.ready(1, FIRST, placement(NODE), ALL_WAYS, false))
        .containsExactly(new LifeAction.SendPrompt(FIRST, placement(NODE), null));
    assertThat(life.ready(2, FIRST, placement(NODE), ALL_WAYS, false)).isEmpty();
    assertThat(life.ready(3, SECOND, placement(NODE), ALL_WAYS, false))
        .containsExactly(new LifeAction.Cancel(SECOND));
  }

  @Test
  void tellsTheWaitingClientWhatGoesOn() {
    var waiting = started(true);
    assertThat(waiting.queued(1, FIRST, 3, 4200))
        .containsExactly(new LifeAction.Comment("waiting, place 3, about 4200 ms", 4200L));

    var life = running(true);
    assertThat(comment(life, Phase.WAITING, null)).isEqualTo("waiting for a free slot");
    assertThat(comment(life, Phase.LOADING, 0.425)).isEqualTo("loading the model, 43 %");
    assertThat(comment(life, Phase.LOADING, null)).isEqualTo("loading the model");
    assertThat(comment(life, Phase.PREFILL, 0.1)).isEqualTo("reading the prompt, 10 %");
  }

  private static String comment(RequestLife life, Phase phase, Double share) {
    var actions = life.progress(5, new EdgeProtocol.Progress(FIRST, phase, share));
    return ((LifeAction.Comment) actions.get(0)).text();
  }

  @Test
  void triesElsewhereWhenANodeIsLostBeforeTheClientHasAToken() {
    var life = running(true);

    var actions = life.nodeLost(10, FIRST, "silent");

    assertThat(actions).contains(new LifeAction.Cancel(FIRST));
    assertThat(submits(actions))
        .singleElement()
        .satisfies(
            submit -> {
              assertThat(submit.attempt()).isEqualTo(SECOND);
              assertThat(submit.avoid()).containsExactly(Tried.node(NODE));
            });
    assertThat(reports(actions))
        .singleElement()
        .satisfies(
            report -> {
              assertThat(report.report().outcome()).isEqualTo(AttemptOutcome.FAILED);
              assertThat(report.report().last()).isFalse();
            });
  }

  @Test
  void startsAnAnswerThatIsNotStreamedAnewHoweverMuchOfItWasMade() {
    var life = running(false);
    life.tokens(5, batch(1));

    var actions = life.nodeLost(10, FIRST, "silent");

    assertThat(actions).contains(new LifeAction.Restart());
    assertThat(submits(actions)).hasSize(1);
  }

  @Test
  void goesOnElsewhereWhenALostBatchLeavesAHole() {
    var life = running(true);
    life.tokens(5, batch(1));

    var actions = life.tokens(6, batch(3));

    assertThat(actions).contains(new LifeAction.Cancel(FIRST));
    assertThat(submits(actions)).hasSize(1);
  }

  @Test
  void noticesThatTheLastBatchIsMissing() {
    var life = running(false);
    life.tokens(5, batch(1));

    var actions = life.ended(6, ended(2));

    assertThat(actions).noneMatch(LifeAction.Finish.class::isInstance);
    assertThat(submits(actions)).hasSize(1);
  }

  @Test
  void doesNotRouteAroundTheClientsOwnMistake() {
    var life = running(true);
    var failure = AttemptFailure.of(AttemptFailure.Kind.BAD_REQUEST, "invalid", "no such role");

    var actions = life.failed(5, FIRST, failure);

    assertThat(actions).contains(new LifeAction.Fail(failure));
    assertThat(submits(actions)).isEmpty();
  }

  @Test
  void triesTheSameNodesAgainAfterAPauseWhenNobodyElseIsLeft() {
    var life = running(true);
    life.failed(5, FIRST, BROKEN);

    var actions = life.refused(6, nobodyLeft(SECOND));

    assertThat(actions).noneMatch(RequestLifeTest::isEnd);
    assertThat(submits(life.tick(505))).isEmpty();
    assertThat(submits(life.tick(506 + 125)))
        .singleElement()
        .satisfies(submit -> assertThat(submit.avoid()).isEmpty());
  }

  @Test
  void letsAHiccupOfTheRuntimePassBeforeItTriesAgain() {
    var life = running(true);

    assertThat(submits(life.failed(5, FIRST, BROKEN))).isEmpty();

    assertThat(submits(life.tick(104))).isEmpty();
    assertThat(submits(life.tick(5 + 125)))
        .singleElement()
        .satisfies(
            submit ->
                assertThat(submit.avoid())
                    .containsExactly(
                        new Tried(
                            NODE, placement(NODE).model(), AttemptFailure.Kind.RUNTIME_ERROR, 1)));
  }

  @Test
  void waitsTwiceAsLongAfterEveryFurtherFailure() {
    var life = running(true);
    life.failed(0, FIRST, BROKEN);
    life.refused(1, nobodyLeft(SECOND));
    life.tick(700);
    life.ready(700, life.attempt(), placement(NODE), ALL_WAYS, false);
    life.failed(1_000, life.attempt(), BROKEN);
    life.refused(1_001, nobodyLeft(life.attempt()));

    assertThat(submits(life.tick(2_000))).isEmpty();
    assertThat(submits(life.tick(2_001 + 250))).hasSize(1);
  }

  @Test
  void looksForALargerContextAndElseTellsTheErrorAsItWas() {
    var life = running(true);
    var tooLong =
        AttemptFailure.of(
            AttemptFailure.Kind.CONTEXT_LENGTH, "context_length_exceeded", "4096 at most");

    assertThat(submits(life.failed(5, FIRST, tooLong))).hasSize(1);

    var none = new Refused(SECOND, 1, Refusal.CONTEXT_TOO_LONG, "longest: 4096", null);
    assertThat(life.refused(6, none)).containsExactly(new LifeAction.Fail(tooLong));
  }

  @Test
  void tellsWhatFailedWhenAllAttemptsAreUsed() {
    var life = running(true);
    long now = 10;
    var seen = new ArrayList<LifeAction>();
    while (!life.isOver() && now < 100_000) {
      now += 600;
      seen.addAll(life.tick(now));
      seen.addAll(life.ready(now, life.attempt(), placement(NODE), ALL_WAYS, false));
      seen.addAll(life.failed(now, life.attempt(), BROKEN));
      seen.addAll(life.refused(now, nobodyLeft(life.attempt())));
    }

    assertThat(seen)
        .filteredOn(RequestLifeTest::isEnd)
        .containsExactly(new LifeAction.Fail(BROKEN));
  }

  @Test
  void asksAnotherNodeForAnOptionThatOneCannotHonourAndNoneTwice() {
    var life = running(true);
    var unsupported =
        AttemptFailure.of(AttemptFailure.Kind.UNSUPPORTED, "unsupported_by_runtime", "no");

    assertThat(submits(life.failed(5, FIRST, unsupported))).hasSize(1);

    assertThat(life.refused(6, nobodyLeft(SECOND))).contains(new LifeAction.Fail(unsupported));
  }

  @ParameterizedTest
  @EnumSource(
      value = Refusal.class,
      names = {"NO_NODE", "MODEL_NOT_FOUND", "NODE_NOT_FOUND", "NOT_CAPABLE"})
  void tellsThatTheNodeWasLostAndNotThatNobodyKnowsTheModel(Refusal gone) {
    var life = running(true);
    var actions = new ArrayList<>(life.nodeLost(5, FIRST, "silent"));
    for (long now = 1_000; !life.isOver() && now < 100_000; now += 1_000) {
      actions.addAll(life.refused(now, new Refused(life.attempt(), 1, gone, "nobody", null)));
      actions.addAll(life.tick(now));
    }

    assertThat(actions)
        .filteredOn(RequestLifeTest::isEnd)
        .singleElement()
        .isInstanceOfSatisfying(
            LifeAction.Fail.class,
            fail -> assertThat(fail.failure().kind()).isEqualTo(AttemptFailure.Kind.NODE_LOST));
  }

  private static final AttemptFailure BROKEN =
      AttemptFailure.of(AttemptFailure.Kind.RUNTIME_ERROR, "boom", "it broke");

  private static Refused nobodyLeft(AttemptId attempt) {
    return new Refused(attempt, 1, Refusal.NO_CANDIDATE_LEFT, "nobody", null);
  }

  @Test
  void givesUpANodeThatWasPlacedButNeverSaysReady() {
    var life = started(true);
    life.placed(100, FIRST, NODE);

    assertThat(submits(life.tick(1_000))).noneMatch(submit -> submit.attempt().equals(SECOND));
    assertThat(submits(life.tick(1_100))).anyMatch(submit -> submit.attempt().equals(SECOND));
  }

  @Test
  void withdrawsAWaitingRequestWhenTheClientIsGoneAndCancelsARunningOne() {
    var waiting = started(true);
    var running = running(true);

    assertThat(waiting.clientGone(5)).contains(new LifeAction.Withdraw());
    assertThat(running.clientGone(5)).contains(new LifeAction.Cancel(FIRST));
    assertThat(waiting.clientGone(6)).isEmpty();
  }

  @Test
  void waitsThirtySecondsForARouterAndThenSaysSo() {
    var life = started(true);

    assertThat(life.tick(29_999)).noneMatch(LifeAction.Refuse.class::isInstance);
    assertThat(life.tick(30_000)).anyMatch(LifeAction.Refuse.class::isInstance);
  }

  @Test
  void givesUpASilentNodeAfterThreePredictionsAndAMargin() {
    var life = running(true);

    assertThat(life.tick(10_000)).isEmpty();
    assertThat(submits(life.tick(10_031))).hasSize(1);
  }

  @Test
  void countsOnlyProgressThatGoesOnAsLife() {
    var life = running(true);
    life.progress(9_000, new Progress(FIRST, Phase.PREFILL, 0.2));
    life.progress(15_000, new Progress(FIRST, Phase.PREFILL, 0.2));

    assertThat(life.tick(19_000)).isEmpty();
    assertThat(submits(life.tick(19_031))).hasSize(1);
  }

  @Test
  void allowsTwiceTheTimeOnceAnAttemptWasGivenUp() {
    var life = running(true);
    life.tick(10_031);
    life.ready(10_100, SECOND, placement(NODE), ALL_WAYS, false);

    assertThat(life.tick(30_000)).isEmpty();
    assertThat(submits(life.tick(30_200))).hasSize(1);
  }

  @Test
  void blamesNobodyForTheTimeThisMachineSlept() {
    var life = running(true);

    life.forgive(60_000);

    assertThat(life.tick(60_001)).isEmpty();
  }

  @Test
  void waitsAsLongAsABusyRuntimeAskedFor() {
    var life = running(true);
    life.failed(
        5,
        FIRST,
        new AttemptFailure(AttemptFailure.Kind.RATE_LIMITED, 429, "busy", "wait", null, 2_000L));

    life.refused(6, nobodyLeft(SECOND));

    assertThat(submits(life.tick(2_000))).isEmpty();
    assertThat(submits(life.tick(2_006 + 500))).hasSize(1);
  }

  @Test
  void submitsWhatWaitsToANewRouterAtOnce() {
    var life = started(true);

    assertThat(submits(life.newTerm(3))).hasSize(1);
    life.ready(4, FIRST, placement(NODE), ALL_WAYS, false);
    assertThat(life.newTerm(5)).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void alwaysEndsExactlyOnceAndNeverAfterTheEnd(long seed) {
    var random = new Random(seed);
    var streamed = random.nextBoolean();
    var life = life(streamed);
    var seen = new ArrayList<>(life.start(0));
    long now = 0;
    for (int step = 0; step < 400 && !life.isOver(); step++) {
      now += random.nextInt(400);
      seen.addAll(randomStep(random, life, now));
    }
    while (!life.isOver()) {
      now += 1_000;
      seen.addAll(life.tick(now));
    }

    assertThat(seen.stream().filter(RequestLifeTest::isEnd)).hasSizeLessThanOrEqualTo(1);
    assertThat(reports(seen).stream().filter(report -> report.report().last()))
        .hasSizeLessThanOrEqualTo(1);
    assertThat(randomStep(random, life, now + 1)).noneMatch(RequestLifeTest::isEnd);
  }

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  private static List<LifeAction> randomStep(Random random, RequestLife life, long now) {
    var attempt = random.nextInt(4) > 0 ? life.attempt() : life.attempt().next();
    return switch (random.nextInt(10)) {
      case 0 -> life.ready(now, attempt, placement(NODE), ALL_WAYS, false);
      case 1, 2 -> life.tokens(now, new TokenBatch(attempt, random.nextInt(4), List.of()));
      case 3 ->
          life.ended(
              now,
              new AttemptEnded(
                  attempt, random.nextInt(4), FinishReason.STOP, Usage.NONE, 0, 0, 0, 0));
      case 4 ->
          life.failed(
              now, attempt, AttemptFailure.of(KINDS.get(random.nextInt(KINDS.size())), "x", "x"));
      case 5 -> life.nodeLost(now, attempt, "gone");
      case 6 -> life.queued(now, attempt, 1, 10);
      case 7 -> life.newTerm(now);
      case 8 -> random.nextInt(10) == 0 ? life.clientGone(now) : life.tick(now);
      default -> life.tick(now);
    };
  }

  private static boolean isEnd(LifeAction action) {
    return action instanceof LifeAction.Finish
        || action instanceof LifeAction.Fail
        || action instanceof LifeAction.Refuse;
  }

  private static List<LifeAction.Submit> submits(List<LifeAction> actions) {
    return actions.stream()
        .filter(LifeAction.Submit.class::isInstance)
        .map(LifeAction.Submit.class::cast)
        .toList();
  }

  private static List<LifeAction.Report> reports(List<LifeAction> actions) {
    return actions.stream()
        .filter(LifeAction.Report.class::isInstance)
        .map(LifeAction.Report.class::cast)
        .toList();
  }

  private static RequestLife life(boolean streamed) {
    return new RequestLife(REQUEST, rules(streamed), 0, 600_000, LIMITS);
  }

  private static RescueRules rules(boolean streamed) {
    return new RescueRules(streamed, false, false, false, true, null, 1_000);
  }

  private static RequestLife started(boolean streamed) {
    var life = life(streamed);
    life.start(0);
    return life;
  }

  private static RequestLife running(boolean streamed) {
    var life = started(streamed);
    life.ready(1, FIRST, placement(NODE), ALL_WAYS, false);
    return life;
  }

  private static TokenBatch batch(long sequence) {
    return new TokenBatch(FIRST, sequence, List.of(TokenChunk.content("word")));
  }

  private static AttemptEnded ended(long sequence) {
    return new AttemptEnded(FIRST, sequence, FinishReason.STOP, new Usage(3, 1, 0), 0, 0, 1, 1);
  }

  private static Placement placement(NodeId node) {
    return new Placement(ModelId.of("m"), node, Tier.BASIC, "balanced", 0.2, "prior", 10, 100, 0);
  }
}
