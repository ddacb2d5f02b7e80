package org.brokecluster.coordinator.routing.decision;

import org.brokecluster.coordinator.history.learning.Knowledge;
import org.brokecluster.coordinator.history.learning.Learned;
import org.brokecluster.coordinator.history.learning.PromiseCalibration;
import org.brokecluster.coordinator.routing.ask.Question;
import org.brokecluster.coordinator.routing.filter.Verdict;
import org.brokecluster.coordinator.routing.quality.QualityPrediction;
import org.brokecluster.coordinator.routing.scorer.Contender;
import org.brokecluster.coordinator.routing.scorer.Tuning;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Tier;
import org.jspecify.annotations.Nullable;

/** One model on one node in one decision. Written by the {@link Decider} only, while it decides. */
public final class Candidate implements Contender {
  private static final Pressure NONE = new Pressure(0, 0, 1, 0, 0, 0, -1, 0, 0, 0, 0, 0, false);
  private static final double NO_TIME = 0;

  private final Spot spot;
  private final Pressure pressure;
  private final int cachedTokens;
  private final @Nullable Forecast forecast;
  private final double temperature;
  private final Learned learned;
  private final double speed;
  private final double load;
  private Verdict verdict;
  private double score;
  private int place = -1;
  private PromiseCalibration.@Nullable Times promised;

  private Candidate(
      Spot spot,
      Pressure pressure,
      int cachedTokens,
      @Nullable Forecast forecast,
      double temperature,
      Learned learned,
      double speed,
      double load,
      Verdict verdict) {
    this.spot = spot;
    this.pressure = pressure;
    this.cachedTokens = cachedTokens;
    this.forecast = forecast;
    this.temperature = temperature;
    this.learned = learned;
    this.speed = speed;
    this.load = load;
    this.verdict = verdict;
  }

  /** What was learned makes nobody surer than this. */
  private static final double RISK_MIN = 0.02;

  /** A candidate that a filter threw out. */
  static Candidate rejected(Spot spot, Verdict verdict) {
    return new Candidate(spot, NONE, 0, null, 1, Learned.NOTHING, 0, 0, verdict);
  }

  /**
   * A candidate with its prediction and its terms:
   *
   * <pre>
   * speed = 1 / (1 + time / reference)     time: finish, or for a stream the mean of first token
   *                                        and finish; plus what others lose by it (harm)
   * cost  = (1 - reluctance) / (1 + GiB / 8)
   * load  = 1 - half the share of the model's slots taken - half the share of the node's
   * </pre>
   */
  static Candidate contender(
      Question question,
      Spot spot,
      Pressure pressure,
      int cachedTokens,
      Learned learned,
      Tuning tuning,
      QualityPrediction.ForRequest quality) {
    var facts = question.facts();
    int unread = Math.max(1, facts.promptTokens() - cachedTokens);
    var forecast = Forecast.of(spot, pressure, unread, facts.expectedTokens(), tuning);
    double time =
        (facts.stream() ? (forecast.firstTokenMs() + forecast.finishMs()) / 2 : forecast.finishMs())
            + forecast.harmMs();
    double taken = Math.min(1, (double) pressure.inFlight() / spot.slots());
    double nodeTaken = Math.min(1, (double) pressure.onNode() / pressure.widest());
    return new Candidate(
        spot,
        pressure,
        cachedTokens,
        forecast,
        1 - quality.probabilityGoodEnough(spot),
        learned,
        1 / (1 + time / tuning.speedReferenceMs()),
        1 - taken / 2 - nodeTaken / 2,
        Verdict.OUTSCORED);
  }

  /** The same spot under another pressure. */
  Candidate under(
      Question question, Pressure other, Tuning tuning, QualityPrediction.ForRequest quality) {
    var changed = contender(question, spot, other, cachedTokens, learned, tuning, quality);
    changed.place = place;
    return changed;
  }

  void decide(Verdict outcome) {
    verdict = outcome;
  }

  void scored(double value) {
    score = value;
  }

  void placed(int number) {
    place = number;
  }

  Pressure pressure() {
    return pressure;
  }

  /** The model on its node, as reported. */
  public Spot spot() {
    return spot;
  }

  /** Whether a filter threw it out. */
  boolean rejected() {
    return forecast == null;
  }

  /** What became of it. */
  public Verdict verdict() {
    return verdict;
  }

  /** The strategy's score; 0 for a rejected one. */
  public double score() {
    return score;
  }

  /**
   * Risk that the answer is not good enough, 0 to 1, with what was learned here; 1 for a rejected
   * one.
   */
  public double temperature() {
    return learned.shift() == 0
        ? temperature
        : Math.max(RISK_MIN, Math.min(1 - RISK_MIN, temperature - learned.shift()));
  }

  /** The same risk without what was learned. */
  public double unlearned() {
    return temperature;
  }

  /** What was learned of the model. */
  public Learned learned() {
    return learned;
  }

  /** Has won: what its client is told of the times. */
  void promise(PromiseCalibration.Times times) {
    promised = times;
  }

  /** What the client is told of the times; as predicted where nothing was promised. */
  public PromiseCalibration.Times promised() {
    var known = promised;
    return known != null
        ? known
        : Knowledge.NONE.times(model(), node(), firstTokenMs(), finishMs());
  }

  /** Attempts of the model on the node when it was decided. */
  public int inFlight() {
    return pressure.inFlight();
  }

  /** Tokens of the prompt that are expected to be in the cache there, at least 0. */
  public int cachedTokens() {
    return cachedTokens;
  }

  /** Tokens of other prompts that the cache there is expected to forget for this one. */
  public int displacedTokens() {
    return pressure.displacedTokens();
  }

  /** Predicted wait for a slot, in milliseconds. */
  public double waitMs() {
    return forecast == null ? NO_TIME : forecast.waitMs();
  }

  /** Predicted load time, in milliseconds. */
  public double loadMs() {
    return forecast == null ? NO_TIME : forecast.loadMs();
  }

  /** Predicted time for reading the prompt, in milliseconds. */
  public double prefillMs() {
    return forecast == null ? NO_TIME : forecast.prefillMs();
  }

  /** Predicted time that others lose, added up, in milliseconds. */
  public double harmMs() {
    return forecast == null ? NO_TIME : forecast.harmMs();
  }

  /** Predicted time for making the answer, in milliseconds. */
  public double decodeMs() {
    return forecast == null ? NO_TIME : forecast.decodeMs();
  }

  @Override
  public ModelId model() {
    return spot.model();
  }

  @Override
  public NodeId node() {
    return spot.node();
  }

  @Override
  public Tier tier() {
    return spot.tier();
  }

  @Override
  public double quality() {
    return 1 - temperature();
  }

  @Override
  public double speed() {
    return speed;
  }

  @Override
  public double cost() {
    return spot.cost();
  }

  @Override
  public double load() {
    return load;
  }

  @Override
  public double firstTokenMs() {
    return forecast == null ? NO_TIME : forecast.firstTokenMs();
  }

  @Override
  public double finishMs() {
    return forecast == null ? NO_TIME : forecast.finishMs();
  }

  @Override
  public boolean free() {
    return !rejected() && !pressure.blocked() && pressure.inFlight() < spot.slots();
  }

  @Override
  public int place() {
    return place;
  }
}
