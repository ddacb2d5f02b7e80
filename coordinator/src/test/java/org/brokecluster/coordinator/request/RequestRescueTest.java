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
import static org.brokecluster.coordinator.request.Lives.nobodyLeft;
import static org.brokecluster.coordinator.request.Lives.only;
import static org.brokecluster.coordinator.request.Lives.rules;

import java.util.List;
import java.util.Set;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.AttemptProtocol.Resume;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.RouterProtocol.Continues;
import org.brokecluster.protocol.router.Tried;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A stream whose client has a part of its answer when the attempt breaks. */
class RequestRescueTest {
  private static final RescueRules PLAIN = rules(true);

  @Test
  void asksForTheSameWeightsElsewhere() {
    var life = begun(PLAIN, TokenChunk.content("Once "), TokenChunk.content("upon"));

    var actions = life.nodeLost(10, FIRST, "silent");

    var submit = only(actions, LifeAction.Submit.class);
    assertThat(submit.attempt()).isEqualTo(SECOND);
    assertThat(submit.avoid()).containsExactly(Tried.node(STUDIO));
    assertThat(submit.continues()).isEqualTo(new Continues(QWEN, Tier.BALANCED));
    assertThat(actions).noneMatch(LifeAction.Restart.class::isInstance);
    assertThat(only(actions, LifeAction.Note.class).text()).contains("node_lost");
  }

  @Test
  void handsOverWhatTheClientHasBySurestWay() {
    var life = begun(PLAIN, TokenChunk.content("Once "), TokenChunk.content("upon"));
    life.nodeLost(10, FIRST, "silent");

    var send = only(life.ready(20, SECOND, at(MINI), ALL_WAYS, false), LifeAction.SendPrompt.class);

    assertThat(send.resume()).isEqualTo(new Resume(ResumeWay.PREFILL, 2));
    assertThat(life.continuation().content()).isEqualTo("Once upon");
  }

  @Test
  void countsJoinedTokensAsWhatTheyWere() {
    var life = begun(PLAIN);
    var joined = List.of(TokenChunk.content("Once upon a"));
    life.tokens(8, new TokenBatch(FIRST, 2, joined, 3));
    life.nodeLost(10, FIRST, "silent");

    var send = only(life.ready(20, SECOND, at(MINI), ALL_WAYS, false), LifeAction.SendPrompt.class);

    assertThat(send.resume()).isEqualTo(new Resume(ResumeWay.PREFILL, 3));
  }

  @Test
  void doesNotCountWordsThatWereCutAtTheSeam() {
    var life = begun(PLAIN, TokenChunk.content("Once "), TokenChunk.content("upon"));
    life.nodeLost(10, FIRST, "silent");
    life.ready(20, SECOND, at(MINI), Set.of(ResumeWay.PROMPTED), false);
    life.tokens(30, batch(SECOND, 1, TokenChunk.content(" a time")));

    var actions = life.ended(40, ended(SECOND, 1, new Usage(12, 4, 0)));

    assertThat(only(actions, LifeAction.Finish.class).usage().completionTokens()).isEqualTo(3);
  }

  @Test
  void countsWhatTheClientReceived() {
    var life = begun(PLAIN, TokenChunk.content("Once "), TokenChunk.content("upon"));
    life.nodeLost(10, FIRST, "silent");
    life.ready(20, SECOND, at(MINI), ALL_WAYS, false);
    life.tokens(30, batch(SECOND, 1, TokenChunk.content(" a time")));

    var actions = life.ended(40, ended(SECOND, 1, new Usage(12, 1, 4)));

    assertThat(only(actions, LifeAction.Finish.class).usage()).isEqualTo(new Usage(10, 3, 4, true));
    var report = only(actions, LifeAction.Report.class).report();
    assertThat(report.resumed()).isEqualTo(ResumeWay.PREFILL);
    assertThat(report.last()).isTrue();
  }

  @Test
  void triesTheNextWayAtTheSamePlaceWhenTheTargetRefusesOne() {
    var life = begun(PLAIN, TokenChunk.content("Once"));
    life.nodeLost(10, FIRST, "silent");
    life.ready(20, SECOND, at(MINI), ALL_WAYS, false);

    var refused = life.failed(30, SECOND, failure(Kind.BAD_REQUEST));

    assertThat(only(refused, LifeAction.Submit.class).avoid()).containsExactly(Tried.node(STUDIO));
    var send = only(life.ready(40, THIRD, at(MINI), ALL_WAYS, false), LifeAction.SendPrompt.class);
    assertThat(send.resume()).isEqualTo(new Resume(ResumeWay.COMPLETION, 1));
    life.failed(50, THIRD, failure(Kind.UNSUPPORTED));
    var last = life.ready(60, THIRD.next(), at(MINI), ALL_WAYS, false);
    assertThat(only(last, LifeAction.SendPrompt.class).resume())
        .isEqualTo(new Resume(ResumeWay.PROMPTED, 1));
  }

  @Test
  void goesOnAsATextCompletionOnlyWithTextAndWithoutTools() {
    var offered = Set.of(ResumeWay.COMPLETION);
    var tools = new RescueRules(true, true, false, false, false, null, 1_000);

    assertThat(wayOf(PLAIN, offered, QWEN, false)).isEqualTo(ResumeWay.COMPLETION);
    assertThat(wayOf(PLAIN, offered, ModelId.of("other"), false)).isEqualTo(ResumeWay.COMPLETION);
    assertThat(wayOf(tools, offered, QWEN, false)).isNull();
  }

  @Test
  void goesOnAsATextCompletionBehindThinkingThatIsOver() {
    var thinking = begun(PLAIN, TokenChunk.reasoning("hm"));
    var speaking = begun(PLAIN, TokenChunk.reasoning("hm"), TokenChunk.content("Once"));

    assertThat(sent(thinking)).isEqualTo(ResumeWay.PROMPTED);
    assertThat(sent(speaking)).isEqualTo(ResumeWay.COMPLETION);
  }

  private static ResumeWay sent(RequestLife life) {
    life.nodeLost(10, FIRST, "silent");
    var actions = life.ready(20, SECOND, at(MINI), ALL_WAYS, false);
    return only(actions, LifeAction.SendPrompt.class).resume().way();
  }

  @Test
  void makesTheAnswerAgainOnlyWhereItWillBeTheSame() {
    var seeded = new RescueRules(true, false, false, true, false, null, 1_000);
    var replay = Set.of(ResumeWay.REPLAY);

    assertThat(wayOf(seeded, replay, QWEN, false)).isEqualTo(ResumeWay.REPLAY);
    assertThat(wayOf(seeded, replay, ModelId.of("other"), false)).isNull();
    assertThat(wayOf(PLAIN, replay, QWEN, false)).isNull();
    assertThat(wayOf(PLAIN, replay, QWEN, true)).isEqualTo(ResumeWay.REPLAY);
  }

  @Test
  void endsWithAnErrorWhereTheNewAnswerDepartsAndNothingElseIsAllowed() {
    var strict = new RescueRules(true, false, false, true, false, null, 1_000);
    var life = begun(strict, TokenChunk.content("Once"));
    life.nodeLost(10, FIRST, "silent");
    life.ready(20, SECOND, at(MINI), Set.of(ResumeWay.REPLAY), false);
    life.failed(30, SECOND, failure(Kind.DIVERGED));

    life.ready(40, THIRD, at(MINI), Set.of(ResumeWay.REPLAY), false);
    var left = nobodyLeft(life.attempt());
    var actions = life.refused(50, left);
    for (long now = 1_000; !life.isOver(); now += 1_000) {
      actions = life.tick(now);
      if (!life.isOver()) {
        actions = life.ready(now, life.attempt(), at(MINI), Set.of(), false);
      }
    }

    assertThat(actions).anyMatch(LifeAction.Fail.class::isInstance);
    assertThat(actions).noneMatch(LifeAction.Finish.class::isInstance);
  }

  /** A switch that is plugged over must not cost what cannot be had anew. */
  @Test
  void whatNobodyElseCanGoOnWithWaitsForANodeThatVanishedForAMoment() {
    var call = new TokenChunk(TokenChunk.Kind.TOOL_CALL, 0, "call_1", "weather", "{");
    var rest = new TokenChunk(TokenChunk.Kind.TOOL_CALL, 0, null, null, "}");
    var life = begun(PLAIN, call);

    assertThat(life.nodeLost(1_000, FIRST, "silent")).isEmpty();
    assertThat(life.nodeLost(2_000, FIRST, "silent")).isEmpty();
    assertThat(life.hasOpen(FIRST)).isTrue();
    assertThat(life.tokens(2_500, batch(FIRST, 2, rest))).hasSize(1);
    assertThat(life.nodeLost(60_000, FIRST, "silent")).as("another time").isEmpty();
    for (long now = 61_000; now < 64_000; now += 1_000) {
      assertThat(life.nodeLost(now, FIRST, "silent")).isEmpty();
    }
    var actions = life.nodeLost(64_000, FIRST, "silent");
    assertThat(only(actions, LifeAction.Fail.class).failure().code()).isEqualTo("node_lost");
    assertThat(life.hasOpen(FIRST)).isFalse();
  }

  @Test
  void neverGoesOnInsideAToolCallOrJson() {
    var call = new TokenChunk(TokenChunk.Kind.TOOL_CALL, 0, "call_1", "weather", "{");
    var json = new RescueRules(true, false, true, true, false, null, 1_000);

    for (var life : List.of(begun(PLAIN, call), begun(json, TokenChunk.content("{")))) {
      var actions = life.failed(10, FIRST, failure(Kind.STREAM_CUT));

      assertThat(actions).noneMatch(LifeAction.Submit.class::isInstance);
      assertThat(only(actions, LifeAction.Fail.class).failure().message())
          .contains("could not go on elsewhere");
    }
  }

  @Test
  void doesNotContinueThinkingByPrefill() {
    var life = begun(PLAIN, TokenChunk.reasoning("hm"));
    life.nodeLost(10, FIRST, "silent");

    var send = only(life.ready(20, SECOND, at(MINI), ALL_WAYS, true), LifeAction.SendPrompt.class);

    assertThat(send.resume()).isEqualTo(new Resume(ResumeWay.REPLAY, 1));
  }

  @Test
  void givesUpAnAnswerThatIsLongerThanWhatIsKept() {
    var small = new RescueRules(true, false, false, true, true, null, 5);
    var life = begun(small, TokenChunk.content("123"), TokenChunk.content("456"));

    var actions = life.failed(10, FIRST, failure(Kind.STREAM_CUT));

    assertThat(only(actions, LifeAction.Fail.class).failure().message()).contains("text-max");
  }

  @Test
  void finishesAnAnswerThatLacksOnlyItsFinishReason() {
    var two = new RescueRules(true, false, false, false, true, 2, 1_000);
    var life = begun(two, TokenChunk.content("a"), TokenChunk.content("b"));

    var actions = life.nodeLost(10, FIRST, "silent");

    assertThat(only(actions, LifeAction.Finish.class).reason()).isEqualTo(FinishReason.LENGTH);
  }

  private static @Nullable ResumeWay wayOf(
      RescueRules rules, Set<ResumeWay> offered, ModelId model, boolean sure) {
    var life = begun(rules, TokenChunk.content("Once"));
    life.nodeLost(10, FIRST, "silent");
    return life.ready(20, SECOND, at(MINI, model), offered, sure).stream()
        .filter(LifeAction.SendPrompt.class::isInstance)
        .map(action -> ((LifeAction.SendPrompt) action).resume().way())
        .findFirst()
        .orElse(null);
  }
}
