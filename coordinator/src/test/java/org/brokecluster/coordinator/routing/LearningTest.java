package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.model;
import static org.brokecluster.coordinator.routing.Clusters.node;
import static org.brokecluster.coordinator.routing.Decisions.find;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.brokecluster.coordinator.history.event.LearnedFigures;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.event.RoutingEvent.Decided;
import org.brokecluster.coordinator.history.learning.Learning;
import org.brokecluster.coordinator.routing.Effect.SendTicket;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Wishes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A router that learns from the answers it has placed. */
class LearningTest {
  private static final long PATIENT = 600_000;
  private static final long HURRIED = 60_000;
  private static final String CODER = "coder-14b";
  private static final String WRITER = "writer-14b";

  private final List<RoutingEvent> events = new ArrayList<>();
  private RouterSettings settings = Clusters.settings();
  private RouterCore core = fresh("");
  private long now = Decisions.SETTLED;
  private int requests;

  private RouterCore fresh(String overrides) {
    settings = Clusters.settings(overrides);
    var next = Clusters.core(settings);
    events.clear();
    for (var each : twoOfATier()) {
      run(next.nodeChanged(at(0), each));
    }
    return next;
  }

  private static List<NodeState> twoOfATier() {
    return List.of(
        node("mac-a", model(CODER, Tier.BALANCED, ModelState.LOADED, 4)),
        node("mac-b", model(WRITER, Tier.BALANCED, ModelState.LOADED, 4)));
  }

  private List<Effect> run(List<Effect> effects) {
    for (var effect : effects) {
      if (effect instanceof Effect.Emit emit) {
        events.add(emit.event());
      }
    }
    return effects;
  }

  private static RequestFacts facts(boolean code, @Nullable String user, List<Long> prefix) {
    var profile =
        new Profile(0.45, 0.5, code ? 0.2 : 0.9, Map.of(), 0.1, 0.1, 300, "phrases", "test");
    var tokens = prefix.stream().map(each -> 10).toList();
    return new RequestFacts(
        Api.CHAT,
        "auto",
        true,
        profile,
        200,
        800,
        null,
        Set.of(),
        Wishes.of(user, TrafficClass.INTERACTIVE, List.of()),
        prefix,
        tokens);
  }

  /** Routes a request and answers it; the effects of its decision. */
  private Placement serve(RequestFacts facts, AttemptOutcome outcome) {
    now += 1_000;
    var attempt = attempt("r" + ++requests, 1);
    var submission = new Submission(attempt, facts, PATIENT, List.of(), null, Clusters.Edge.HERE);
    var ticket = find(run(core.submit(at(now), submission)), SendTicket.class);
    now += 500;
    run(core.attemptClosed(at(now), attempt, 1, ticket.number()));
    run(core.report(at(now), report(ticket, outcome), Clusters.Edge.HERE));
    run(core.tick(at(now)));
    return ticket.placement();
  }

  private static AttemptReport report(SendTicket ticket, AttemptOutcome outcome) {
    var placement = ticket.placement();
    return new AttemptReport(
        ticket.attempt(),
        outcome,
        true,
        placement.model(),
        placement.node(),
        "stop",
        null,
        new Usage(200, 300, 0),
        placement.queuedMs() + 2 * placement.firstTokenMs(),
        placement.queuedMs() + 3 * placement.finishMs(),
        placement.finishMs(),
        null,
        null);
  }

  private void rate(int score) {
    var request = RequestId.of("r" + requests);
    run(core.rated(new RoutingEvent.Rated(at(now).at(), request, score, null, null)));
  }

  private static double truth(boolean code, ModelId model) {
    return code == model.value().equals(CODER) ? 0.9 : 0.45;
  }

  @Test
  void ratingsOfOneHalfImproveTheOther() {
    var random = new Random(11);
    double without = meanQuality(new Random(5));
    core = fresh("broke.router.exploration.share = 0.3");
    for (int i = 0; i < 300; i++) {
      boolean code = random.nextBoolean();
      var chosen = serve(facts(code, "user" + random.nextInt(4), List.of()), COMPLETED).model();
      boolean good = random.nextDouble() < truth(code, chosen);
      if (random.nextInt(2) == 0) {
        rate(good ? 4 + random.nextInt(2) : 1 + random.nextInt(2));
      }
    }

    assertThat(meanQuality(new Random(5))).isGreaterThan(without + 0.1).isGreaterThan(0.8);
  }

  private static final AttemptOutcome COMPLETED = AttemptOutcome.COMPLETED;

  /** The hidden truth of where requests go that have no part in the learning. */
  private double meanQuality(Random random) {
    double sum = 0;
    for (int i = 0; i < 200; i++) {
      boolean code = random.nextBoolean();
      var chosen = core.dryRun(at(now), facts(code, "newcomer", List.of())).chosen();
      sum += truth(code, chosen.model());
    }
    return sum / 200;
  }

  @Test
  void whatAgentsSeeComeOfAnswersImprovesTheOther() {
    var random = new Random(12);
    double without = meanQuality(new Random(5));
    core = fresh("broke.router.exploration.share = 0.3");
    for (int i = 0; i < 300; i++) {
      boolean code = random.nextBoolean();
      var chosen = serve(facts(code, "agent" + random.nextInt(4), List.of()), COMPLETED).model();
      if (random.nextInt(2) == 0) {
        succeeded(random.nextDouble() < truth(code, chosen));
      }
    }

    assertThat(meanQuality(new Random(5))).isGreaterThan(without + 0.1).isGreaterThan(0.8);
  }

  @Test
  void anAgentDoesNotTakeBackWhatAPersonSaid() {
    serve(facts(true, "alice", List.of()), COMPLETED);
    rate(5);
    var rated = core.learning().trace();

    succeeded(false);

    assertThat(core.learning().trace()).isEqualTo(rated);
    rate(1);
    assertThat(core.learning().trace()).as("but the person does").isNotEqualTo(rated);
  }

  private void succeeded(boolean success) {
    var request = RequestId.of("r" + requests);
    int score = success ? RoutingEvent.Rated.BEST : RoutingEvent.Rated.WORST;
    run(core.rated(new RoutingEvent.Rated(at(now).at(), request, score, null, null, true)));
  }

  @Test
  void whoeverFoldsTheSameEventsKnowsTheSame() {
    core = fresh("broke.router.learning.record-every = 20, broke.router.exploration.share = 0.5");
    var random = new Random(3);
    for (int i = 0; i < 200; i++) {
      boolean whole = random.nextInt(5) > 0;
      serve(
          facts(random.nextBoolean(), "user" + random.nextInt(3), List.of((long) i)),
          whole ? COMPLETED : AttemptOutcome.CANCELLED);
      if (random.nextInt(3) == 0) {
        rate(1 + random.nextInt(5));
      }
    }

    var again = settings.learned().learning();
    events.forEach(again::apply);

    assertThat(events).anyMatch(RoutingEvent.Learned.class::isInstance);
    long at = at(now).at().toEpochMilli();
    assertThat(again.promiseFigures()).isEqualTo(core.learning().promiseFigures());
    assertThat(again.figures(at)).isEqualTo(core.learning().figures(at));
    var question = facts(true, "user1", List.of());
    assertThat(times(again, question, at)).isEqualTo(times(core.learning(), question, at));
  }

  private static Object times(Learning learning, RequestFacts facts, long at) {
    return learning
        .about(facts, at)
        .times(ModelId.of(CODER), Clusters.demo().get(0).name(), 500, 5_000);
  }

  @Test
  void promisesWhatAnswersReallyTake() {
    var first = serve(facts(true, null, List.of()), COMPLETED);
    for (int i = 0; i < 60; i++) {
      serve(facts(true, null, List.of()), COMPLETED);
    }
    var last = serve(facts(true, null, List.of()), COMPLETED);

    // Each answer takes three times what was promised, so promises have to grow.
    assertThat(last.finishMs()).isGreaterThan(3 * first.finishMs());
    assertThat(last.promise()).isNotNull();
    assertThat(core.learning().promiseFigures().finish().answers()).isEqualTo(62);
  }

  @Test
  void goesOnWithWhatAnEarlierRouterLearned() {
    for (int i = 0; i < 30; i++) {
      var model = serve(facts(true, "alice", List.of()), COMPLETED).model();
      rate(model.value().equals(CODER) ? 1 : 5);
    }
    LearnedFigures learned = core.learning().figures(at(now).at().toEpochMilli());
    core = fresh("");
    run(core.takeOver(at(now), learned));

    var explanation = core.dryRun(at(now), facts(true, "alice", List.of()));

    assertThat(explanation.chosen().model().value()).isEqualTo(WRITER);
    assertThat(explanation.candidates())
        .anyMatch(row -> row.learned() != null && row.learned().contains(" here: -0."));
  }

  @Test
  void learnsNothingThatCountsWhereThatIsSwitchedOff() {
    core = fresh("broke.router.learning.enabled = false");
    for (int i = 0; i < 30; i++) {
      serve(facts(true, "alice", List.of()), COMPLETED);
      rate(1);
    }

    assertThat(core.dryRun(at(now), facts(true, "alice", List.of())).candidates())
        .allMatch(row -> row.learned() == null);
  }

  @Test
  void exploresAsOftenAsItMayAndSaysSo() {
    core = fresh("broke.router.exploration.share = 0.1");
    for (int i = 0; i < 400; i++) {
      serve(facts(true, null, List.of()), COMPLETED);
    }

    var tried =
        events.stream()
            .filter(Decided.class::isInstance)
            .map(Decided.class::cast)
            .filter(each -> "exploring".equals(each.reckoning().because()))
            .toList();
    assertThat(tried).hasSizeBetween(20, 65);
    assertThat(tried).allMatch(each -> each.best().get(0).note().equals("chosen"));
    var explained = core.explain(tried.get(0).attempt().request()).orElseThrow();
    assertThat(explained.because()).contains("little is known");
  }

  @Test
  void neverExploresForSomebodyInAHurryNorWhereItIsSwitchedOff() {
    core = fresh("broke.router.exploration.share = 0");
    for (int i = 0; i < 100; i++) {
      serve(facts(true, null, List.of()), COMPLETED);
    }
    core = fresh("broke.router.exploration.share = 0.5");
    for (int i = 0; i < 100; i++) {
      var attempt = attempt("hurry" + i, 1);
      var hurried =
          new Submission(
              attempt, facts(true, null, List.of()), HURRIED, List.of(), null, Clusters.Edge.HERE);
      var ticket = find(run(core.submit(at(now), hurried)), SendTicket.class);
      run(core.attemptClosed(at(now), attempt, 1, ticket.number()));
    }

    assertThat(events)
        .filteredOn(Decided.class::isInstance)
        .hasSize(100)
        .allMatch(each -> ((Decided) each).reckoning().because() == null);
  }

  @Test
  void aConversationKeepsItsModelWithinTheMargin() {
    for (int i = 0; i < 8; i++) { // the coder is liked a little less than the writer by now
      boolean coder =
          serve(facts(true, "alice", List.of()), COMPLETED).model().value().equals(CODER);
      rate(coder ? 3 : 4);
    }
    var another = core.dryRun(at(now), facts(true, "alice", List.of(1L, 2L))).chosen().model();
    serve(facts(true, "alice", List.of(1L)), COMPLETED);
    var before = core.dryRun(at(now), facts(true, "alice", List.of(1L, 2L))).chosen().model();

    assertThat(before).isEqualTo(another);
    assertThat(stays(0.5)).isTrue();
    assertThat(stays(0)).isFalse();
  }

  /** Whether the next turn goes to the model of the last one although another is rated better. */
  private boolean stays(double margin) {
    core = fresh("broke.router.exploration.share = 0, broke.router.staying.margin = " + margin);
    var model = serve(facts(true, "alice", List.of(7L)), COMPLETED).model();
    for (int i = 0; i < 12; i++) {
      var fixed = with(facts(true, "alice", List.of()), model.value());
      serve(fixed, COMPLETED);
      rate(1);
    }
    var next = core.dryRun(at(now), facts(true, "alice", List.of(7L, 8L)));
    boolean stays = next.chosen().model().equals(model);
    assertThat(next.because() != null).isEqualTo(stays);
    assertThat(core.dryRun(at(now), facts(true, "alice", List.of())).chosen().model())
        .isNotEqualTo(model);
    return stays;
  }

  private static RequestFacts with(RequestFacts facts, String model) {
    return new RequestFacts(
        facts.api(),
        model,
        facts.stream(),
        facts.profile(),
        facts.promptTokens(),
        facts.promptBytes(),
        facts.maxTokens(),
        Set.<Ability>of(),
        facts.wishes(),
        facts.prefix(),
        facts.prefixTokens());
  }
}
