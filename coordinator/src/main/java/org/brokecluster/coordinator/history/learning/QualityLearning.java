package org.brokecluster.coordinator.history.learning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.history.event.LearnedFigures;
import org.brokecluster.coordinator.history.learning.LearnedKey.Asker;
import org.brokecluster.protocol.id.ModelId;
import org.jspecify.annotations.Nullable;

/**
 * How much better or worse models do here than was expected of them.
 *
 * <p>A rating of 1 to 5 is {@code y = (rating - 1) / 4}; what counts of it is {@code y - p - h}
 * with the probability {@code p} that was predicted and the habit {@code h} of the rater, who may
 * be strict with everybody. For whoever asks now, all that is known of a model falls into four
 * parts that have nothing in common, from far to near: answers on other topics; on the topic, of
 * others in other roles; of others in the role; of the asker. With {@code W} the weight of the
 * ratings of a part, {@code R} their weighted sum and {@code k} the weight of what was measured
 * beforehand,
 *
 * <pre>
 * shift = before + (R - W before) / (k + W)         before: the shift by the parts farther off, or 0
 * </pre>
 *
 * is the mean of a normal posterior whose prior is that of the parts farther off (partial pooling:
 * Gelman et al., Bayesian Data Analysis, 3rd ed., 5.4). As each rating is in one part only, a
 * rating of weight {@code w} moves the shift by at most {@code w / (k + w)} of its surprise, and
 * {@code k} own ratings weigh as much as all that was known before.
 *
 * <p>The outcomes of answers give a second shift of the same form, in which each outcome weighs a
 * fifth of a rating and is compared with what is usual for its topic. It is never above 0: that an
 * answer came says nothing of how good it is, but one that broke was none.
 *
 * <p>One rater alone cannot decide for the others: the n-th rating of a user weighs 1 for the user
 * but 1/n for everybody, and the sum of shifts is bounded. Everything fades with a half-life.
 * Bounded in keys; the one changed longest ago goes first. Not thread safe.
 */
final class QualityLearning {
  private static final double HABIT_WEIGHT = 20;
  private static final double OUTCOME_WEIGHT = 0.2;
  private static final double USUAL_TROUBLE = 0.1;
  private static final double USUAL_WEIGHT = 2;

  /** What is known of one topic says little of the others. */
  private static final double ACROSS_TOPICS = 0.5;

  private final LearningSettings settings;
  private final double halfLifeMs;
  private final Map<LearnedKey, Evidence> table = new LinkedHashMap<>();
  private final Trace trace;
  private long changes;

  /**
   * Nothing is known yet.
   *
   * @param trace takes in what is learned
   */
  QualityLearning(LearningSettings settings, Trace trace) {
    this.settings = settings;
    this.trace = trace;
    this.halfLifeMs = settings.halfLife().toMillis();
  }

  /**
   * A rating as it was counted, so that a later one can replace it.
   *
   * @param y the rating, 0 to 1
   * @param shared what it weighs for everybody
   */
  record Counted(double y, double shared) {}

  /**
   * Somebody rated an answer.
   *
   * @param expected probability that was predicted without anything learned
   * @param before the rating this one replaces, or null
   */
  Counted rated(
      long nowMs,
      Asker asker,
      ModelId model,
      double expected,
      int score,
      @Nullable Counted before) {
    double y = (score - 1) / 4.0;
    if (before != null) {
      correct(nowMs, asker, model, before, y - before.y());
      return new Counted(y, before.shared());
    }
    var habit = touch(nowMs, asker.habit());
    double usual = habit.ratingSum() / (HABIT_WEIGHT + habit.ratingWeight());
    habit.rated(1, y - expected);
    habit.into(trace);
    double shared = 1 / (1 + touch(nowMs, asker.of(model)).ratingWeight());
    double better = y - expected - usual;
    for (var key : asker.keys(model)) {
      var evidence = touch(nowMs, key);
      evidence.rated(weight(key, shared), better);
      if (key.user() != null) {
        evidence.shared(shared, better);
      }
      trace(key, evidence);
    }
    changes++;
    return new Counted(y, shared);
  }

  private void correct(long nowMs, Asker asker, ModelId model, Counted before, double by) {
    var habit = touch(nowMs, asker.habit());
    habit.corrected(1, by);
    habit.into(trace);
    for (var key : asker.keys(model)) {
      var evidence = touch(nowMs, key);
      evidence.corrected(weight(key, before.shared()), by);
      if (key.user() != null) {
        evidence.sharedCorrected(before.shared(), by);
      }
      trace(key, evidence);
    }
    changes++;
  }

  /** What a user does in one role follows from the other rows. */
  private void trace(LearnedKey key, Evidence evidence) {
    if (key.user() == null || key.role() == null) {
      evidence.into(trace);
    }
  }

  private static double weight(LearnedKey key, double shared) {
    if (key.user() != null) {
      return 1;
    }
    return key.topic() == null ? ACROSS_TOPICS * shared : shared;
  }

  /**
   * An answer ended.
   *
   * @param trouble 0 if all went well, 1 if nothing came of it
   */
  void ended(long nowMs, Asker asker, ModelId model, double trouble) {
    var usual = touch(nowMs, asker.usual());
    double better =
        (USUAL_WEIGHT * USUAL_TROUBLE + usual.outcomeSum()) / (USUAL_WEIGHT + usual.outcomeWeight())
            - trouble;
    usual.ended(OUTCOME_WEIGHT, trouble);
    usual.into(trace);
    for (var key : asker.keys(model)) {
      double weight = key.topic() == null ? ACROSS_TOPICS * OUTCOME_WEIGHT : OUTCOME_WEIGHT;
      var evidence = touch(nowMs, key);
      evidence.ended(weight, better);
      trace(key, evidence);
    }
    changes++;
  }

  /** The evidence of a key, faded up to now; it becomes the youngest. */
  private Evidence touch(long nowMs, LearnedKey key) {
    var known = table.remove(key);
    var evidence = known == null ? new Evidence(nowMs) : known;
    evidence.fade(nowMs, halfLifeMs);
    table.put(key, evidence);
    if (table.size() > settings.keys()) {
      var oldest = table.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    return evidence;
  }

  /** What was learned of a model for this asker. */
  Learned of(long nowMs, Asker asker, ModelId model) {
    if (table.isEmpty() || !settings.enabled()) {
      return Learned.NOTHING;
    }
    var onTopic = table.get(asker.onTopic(model));
    var byRatings = parts(nowMs, asker, model, Evidence::ratingsAt, Evidence::sharedAt);
    var byOutcomes = parts(nowMs, asker, model, Evidence::outcomesAt, Evidence::outcomesAt);
    double most = settings.maxShift();
    double rated = Math.max(-most, Math.min(most, byRatings.shift(settings.priorWeight())));
    double ended = Math.min(0, byOutcomes.shift(settings.priorWeight()));
    double shift = Math.max(-most, rated + ended);
    double weight = byRatings.onTopic();
    return new Learned(
        shift,
        shift - rated,
        onTopic == null ? 0 : onTopic.ratings(),
        onTopic == null ? 0 : onTopic.outcomes(),
        weight,
        weight >= settings.priorWeight());
  }

  /** What there is of one kind of evidence at a moment. */
  private interface Kind {
    Evidence.Sum at(Evidence evidence, long nowMs, double halfLifeMs);
  }

  /**
   * Evidence of a model as an asker sees it; each piece is in one part.
   *
   * @param elsewhere on other topics
   * @param others on the topic, of others in other roles
   * @param role on the topic, of others in the asker's role
   * @param own on the topic, of the asker
   */
  private record Parts(
      Evidence.Sum elsewhere, Evidence.Sum others, Evidence.Sum role, Evidence.Sum own) {
    double shift(double prior) {
      return own.from(role.from(others.from(elsewhere.from(0, prior), prior), prior), prior);
    }

    double onTopic() {
      return others.weight() + role.weight() + own.weight();
    }
  }

  /**
   * Parts of one kind of evidence.
   *
   * @param kind what counts for the asker
   * @param shared what of an asker's evidence is in everybody's
   */
  private Parts parts(long nowMs, Asker asker, ModelId model, Kind kind, Kind shared) {
    var all = at(nowMs, asker.everywhere(model), kind);
    var topic = at(nowMs, asker.onTopic(model), kind);
    var mine = at(nowMs, asker.of(model), shared);
    var others = topic.without(mine);
    var role = Evidence.Sum.NONE;
    if (asker.role() != null) {
      role = at(nowMs, asker.inRole(model), kind).without(at(nowMs, asker.ofInRole(model), shared));
      others = others.without(role);
    }
    return new Parts(
        all.without(topic.times(ACROSS_TOPICS)), others, role, at(nowMs, asker.of(model), kind));
  }

  private Evidence.Sum at(long nowMs, LearnedKey key, Kind kind) {
    var evidence = table.get(key);
    return evidence == null ? Evidence.Sum.NONE : kind.at(evidence, nowMs, halfLifeMs);
  }

  /** Ratings and outcomes since this was last recorded. */
  long changes() {
    return changes;
  }

  int size() {
    return table.size();
  }

  /** Everything at this moment. */
  LearnedFigures figures(long nowMs) {
    var rows = new ArrayList<LearnedFigures.Row>(table.size());
    table.forEach(
        (key, evidence) -> {
          evidence.fade(nowMs, halfLifeMs);
          rows.add(evidence.row(key));
        });
    return new LearnedFigures(rows);
  }

  /** Goes on with what was recorded at this moment, and forgets everything else. */
  void adopt(long atMs, LearnedFigures figures) {
    table.clear();
    changes = 0;
    List<LearnedFigures.Row> rows = figures.rows();
    int from = Math.max(0, rows.size() - settings.keys());
    for (var row : rows.subList(from, rows.size())) {
      if (row.topic() == null || Topic.isKnown(row.topic())) {
        var topic = row.topic() == null ? null : Topic.of(row.topic());
        var evidence = new Evidence(row, atMs);
        var key = new LearnedKey(row.model(), topic, row.role(), row.user());
        table.put(key, evidence);
        trace(key, evidence);
      }
    }
  }
}
