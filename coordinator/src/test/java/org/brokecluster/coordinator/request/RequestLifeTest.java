package org.brokecluster.coordinator.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.request.Lives.ALL_WAYS;
import static org.brokecluster.coordinator.request.Lives.FIRST;
import static org.brokecluster.coordinator.request.Lives.SECOND;
import static org.brokecluster.coordinator.request.Lives.STUDIO;
import static org.brokecluster.coordinator.request.Lives.THIRD;
import static org.brokecluster.coordinator.request.Lives.at;
import static org.brokecluster.coordinator.request.Lives.batch;
import static org.brokecluster.coordinator.request.Lives.ended;
import static org.brokecluster.coordinator.request.Lives.life;
import static org.brokecluster.coordinator.request.Lives.nobodyLeft;
import static org.brokecluster.coordinator.request.Lives.only;
import static org.brokecluster.coordinator.request.Lives.reports;
import static org.brokecluster.coordinator.request.Lives.rules;
import static org.brokecluster.coordinator.request.Lives.running;
import static org.brokecluster.coordinator.request.Lives.started;
import static org.brokecluster.coordinator.request.Lives.submits;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.edge.EdgeProtocol.AttemptEnded;
import org.brokecluster.protocol.edge.EdgeProtocol.Phase;
import org.brokecluster.protocol.edge.EdgeProtocol.Refused;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.Tried;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a request does from its first attempt to its end. */
class RequestLifeTest {
  private static final TokenChunk WORD = TokenChunk.content("word");
  private static final Usage USAGE = new Usage(3, 1, 0);

  private static final List<AttemptFailure.Kind> KINDS =
      List.copyOf(EnumSet.allOf(AttemptFailure.Kind.class));

  @Test
  void sendsThePromptToTheFirstReadyAndCancelsAnyOther() {
    var life = started(true);

    assertThat(life.ready(1, FIRST, at(STUDIO), ALL_WAYS, false))
        .containsExactly(new LifeAction.SendPrompt(FIRST, at(STUDIO), null));
    assertThat(life.ready(2, FIRST, at(STUDIO), ALL_WAYS, false)).isEmpty();
    assertThat(life.ready(3, SECOND, at(STUDIO), ALL_WAYS, false))
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
              assertThat(submit.avoid()).containsExactly(Tried.node(STUDIO));
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
    life.tokens(5, batch(FIRST, 1, WORD));

    var actions = life.nodeLost(10, FIRST, "silent");

    assertThat(actions).contains(new LifeAction.Restart());
    assertThat(submits(actions)).hasSize(1);
  }

  @Test
  void goesOnElsewhereWhenALostBatchLeavesAHole() {
    var life = running(true);
    life.tokens(5, batch(FIRST, 1, WORD));

    var actions = life.tokens(6, batch(FIRST, 3, WORD));

    assertThat(actions).contains(new LifeAction.Cancel(FIRST));
    assertThat(submits(actions)).hasSize(1);
  }

  @Test
  void noticesThatTheLastBatchIsMissing() {
    var life = running(false);
    life.tokens(5, batch(FIRST, 1, WORD));

    var actions = life.ended(6, ended(FIRST, 2, USAGE));

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

    assertThat(actions).noneMatch(Lives::isEnd);
    assertThat(submits(life.tick(505))).isEmpty();
    assertThat(submits(life.tick(506 + 125)))
        .singleElement()
        .satisfies(submit -> assertThat(submit.avoid()).isEmpty());
  }

  @Test
  void looksForALargerContextAndElseTellsTheErrorAsItWas() {
    var life = running(true);
    var tooLong =
        AttemptFailure.of(
            AttemptFailure.Kind.CONTEXT_LENGTH, "context_length_exceeded", "4096 at most");

    assertThat(submits(life.failed(5, FIRST, tooLong))).hasSize(1);

    var none = new Refused(SECOND, 1, Refusal.CONTEXT_TOO_LONG, "longest: 4096", null);
    assertThat(life.refused(6, none)).contains(new LifeAction.Fail(tooLong));
  }

  @Test
  void tellsWhatFailedWhenAllAttemptsAreUsed() {
    var life = running(true);
    long now = 10;
    var seen = new ArrayList<LifeAction>();
    while (!life.isOver() && now < 100_000) {
      now += 600;
      seen.addAll(life.tick(now));
      seen.addAll(life.ready(now, life.attempt(), at(STUDIO), ALL_WAYS, false));
      seen.addAll(life.failed(now, life.attempt(), BROKEN));
      seen.addAll(life.refused(now, nobodyLeft(life.attempt())));
    }

    assertThat(seen).filteredOn(Lives::isEnd).containsExactly(new LifeAction.Fail(BROKEN));
  }

  @Test
  void reportsWhatTheClientHadAndWasToldWhenNobodyCanGoOn() {
    var life = Lives.begun(Lives.rules(true), TokenChunk.content("a"), TokenChunk.content("b"));
    life.failed(10, FIRST, BROKEN);

    var end = new ArrayList<LifeAction>();
    for (long now = 1_000; !life.isOver() && now < 100_000; now += 1_000) {
      end.addAll(life.refused(now, nobodyLeft(life.attempt())));
      end.addAll(life.tick(now));
    }

    var report = only(end, LifeAction.Report.class).report();
    assertThat(only(end, LifeAction.Fail.class).failure().code()).isEqualTo("boom");
    assertThat(report.error()).isEqualTo("boom");
    assertThat(report.last()).isTrue();
    assertThat(report.node()).isNull();
    assertThat(report.firstTokenMs()).isEqualTo(5);
    assertThat(report.usage().completionTokens()).isEqualTo(2);
  }

  @Test
  void countsTheAttemptsThatANodeHadAndNotThoseThatGotNoPlace() {
    var life = running(false);
    life.failed(5, FIRST, BROKEN);
    life.tick(600);
    life.refused(601, nobodyLeft(SECOND));
    life.tick(2_000);

    life.ready(2_100, THIRD, at(STUDIO), ALL_WAYS, false);

    assertThat(life.attempt()).isEqualTo(THIRD);
    assertThat(life.attempts()).isEqualTo(2);
  }

  @Test
  void reportsHowMuchACancelledClientHad() {
    var life = Lives.begun(Lives.rules(true), TokenChunk.content("a"), TokenChunk.content("b"));

    var report = only(life.clientGone(9), LifeAction.Report.class).report();

    assertThat(report.usage().completionTokens()).isEqualTo(2);
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
        .filteredOn(Lives::isEnd)
        .singleElement()
        .isInstanceOfSatisfying(
            LifeAction.Fail.class,
            fail -> assertThat(fail.failure().kind()).isEqualTo(AttemptFailure.Kind.NODE_LOST));
  }

  private static final AttemptFailure BROKEN =
      AttemptFailure.of(AttemptFailure.Kind.RUNTIME_ERROR, "boom", "it broke");

  @Test
  void withdrawsAWaitingRequestWhenTheClientIsGoneAndCancelsARunningOne() {
    var waiting = started(true);
    var running = running(true);

    assertThat(waiting.clientGone(5)).contains(new LifeAction.Withdraw());
    assertThat(running.clientGone(5)).contains(new LifeAction.Cancel(FIRST));
    assertThat(waiting.clientGone(6)).isEmpty();
  }

  @Test
  void submitsWhatWaitsToANewRouterAtOnce() {
    var life = started(true);

    assertThat(submits(life.newTerm(3))).hasSize(1);
    life.ready(4, FIRST, at(STUDIO), ALL_WAYS, false);
    assertThat(life.newTerm(5)).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void alwaysEndsExactlyOnceAndNeverAfterTheEnd(long seed) {
    var random = new Random(seed);
    var streamed = random.nextBoolean();
    var life = life(rules(streamed));
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

    assertThat(seen.stream().filter(Lives::isEnd)).hasSizeLessThanOrEqualTo(1);
    assertThat(reports(seen).stream().filter(report -> report.report().last()))
        .hasSizeLessThanOrEqualTo(1);
    assertThat(randomStep(random, life, now + 1)).noneMatch(Lives::isEnd);
  }

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  private static List<LifeAction> randomStep(Random random, RequestLife life, long now) {
    var attempt = random.nextInt(4) > 0 ? life.attempt() : life.attempt().next();
    return switch (random.nextInt(10)) {
      case 0 -> life.ready(now, attempt, at(STUDIO), ALL_WAYS, false);
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
}
