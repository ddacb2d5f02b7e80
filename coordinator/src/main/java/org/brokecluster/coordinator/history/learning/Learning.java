package org.brokecluster.coordinator.history.learning;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.brokecluster.coordinator.history.event.LearnedFigures;
import org.brokecluster.coordinator.history.event.LearningTerms;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.learning.LearnedKey.Asker;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.state.PromiseFigures;
import org.jspecify.annotations.Nullable;

/**
 * All that a router learns, folded from the events of its term: whoever folds the same events knows
 * the same. Times are those of the events, in milliseconds since 1970. Not thread safe.
 */
public final class Learning {
  /** How much more a loop of tool calls stays with its model than a conversation. */
  private static final double LOOP = 2;

  private final LearningSettings settings;
  private final LearningFold fold;
  private PromiseCalibration promises;
  private final PromiseSettings promiseSettings;
  private final StayingSettings staying;

  private Trace trace = new Trace();
  QualityLearning quality;
  Conversations conversations;

  /** Knows nothing yet. */
  public Learning(
      LearningSettings settings, PromiseSettings promiseSettings, StayingSettings staying) {
    this.settings = settings;
    this.promiseSettings = promiseSettings;
    this.staying = staying;
    this.quality = new QualityLearning(settings, trace);
    this.promises = new PromiseCalibration(promiseSettings, trace);
    this.conversations = new Conversations(staying);
    this.fold = new LearningFold(this, settings.requests());
  }

  /** Somebody who learns by these rules, only to see whether it comes out the same. */
  public static Learning by(LearningTerms terms) {
    return new Learning(
        new LearningSettings(
            true,
            Duration.ofMillis(terms.halfLifeMs()),
            1,
            0,
            terms.keys(),
            terms.requests(),
            Integer.MAX_VALUE),
        new PromiseSettings(
            true, terms.coverage(), terms.promiseKeys(), PromiseRule.of(terms.promiseRule())),
        new StayingSettings(0, Duration.ZERO, 1));
  }

  /** Learns from the next event. */
  public void apply(RoutingEvent event) {
    event.accept(fold);
  }

  /** Forgets everything: a new term begins. */
  void clear() {
    trace = new Trace();
    quality = new QualityLearning(settings, trace);
    promises = new PromiseCalibration(promiseSettings, trace);
    conversations = new Conversations(staying);
  }

  /** What matters for one request. */
  private static final class View implements Knowledge {
    private final Learning learning;
    private final Asker asker;
    private final long atMs;
    private final @Nullable ModelId staysWith;
    private final double margin;
    private final Map<ModelId, Learned> known = new HashMap<>();

    View(Learning learning, RequestFacts facts, long atMs) {
      this.learning = learning;
      this.asker = Asker.of(facts);
      this.atMs = atMs;
      this.staysWith = learning.conversations.model(facts, atMs);
      boolean loop = facts.needs().contains(Ability.TOOLS);
      this.margin = learning.staying.margin() * (loop ? LOOP : 1);
    }

    @Override
    public Learned of(ModelId model) {
      return known.computeIfAbsent(model, each -> learning.quality.of(atMs, asker, each));
    }

    @Override
    public @Nullable ModelId staysWith() {
      return staysWith;
    }

    @Override
    public double stayMargin() {
      return margin;
    }

    @Override
    public PromiseCalibration.Times times(
        ModelId model, NodeId node, double firstTokenMs, double finishMs) {
      return learning.promises.times(model, node, asker.topic(), firstTokenMs, finishMs);
    }
  }

  /** What matters for one request at this moment; for this moment only. */
  public Knowledge about(RequestFacts facts, long atMs) {
    return new View(this, facts, atMs);
  }

  /**
   * A number that follows from all ratings, outcomes and times learned from, in their order, and
   * from what was made of each; 0 before the first.
   */
  public long trace() {
    return trace.value();
  }

  PromiseCalibration promises() {
    return promises;
  }

  /**
   * What somebody is told who has to wait for a place.
   *
   * @param predictedMs predicted time to the first token, the wait included
   * @return the same put right by how long others had to wait, in milliseconds
   */
  public long waitMs(long predictedMs) {
    return promises.waitMs(predictedMs);
  }

  /** How well the promises of time are kept. */
  public PromiseFigures promiseFigures() {
    return promises.figures();
  }

  /** Combinations of model, topic, role and user of which something was learned. */
  public int size() {
    return quality.size();
  }

  /** Whether so much was learned since it was recorded last that it is time to do so again. */
  public boolean wantsRecording() {
    return quality.changes() >= settings.recordEvery();
  }

  /** What was learned of quality, to be recorded. */
  public LearnedFigures figures(long atMs) {
    return quality.figures(atMs);
  }
}
