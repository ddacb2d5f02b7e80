package org.brokecluster.coordinator.routing.decision;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.history.event.ByPlan;
import org.brokecluster.coordinator.routing.filter.Verdict;
import org.brokecluster.coordinator.routing.scorer.QualityColor;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.Parameters;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.router.Promise;
import org.jspecify.annotations.Nullable;

/**
 * Why a request went where it went, for people and programs. Becomes JSON as it is.
 *
 * @param request absent in a dry run
 * @param attempt number of the attempt that was decided last; absent in a dry run
 * @param outcome {@code chosen}, {@code waiting} or {@code refused}
 * @param message the outcome in words
 * @param profile estimate of what the prompt demands
 * @param candidates every candidate that was meant, best first; rejected ones after the others
 * @param omitted candidates left out to keep the document small
 * @param lost how many of the candidates not listed fell out, by reason
 * @param whatWouldFlip smallest simple change that would have made the runner-up win
 * @param because why the highest score had not the last word; absent where it had
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Explanation(
    @Nullable RequestId request,
    @Nullable Integer attempt,
    Instant at,
    long term,
    String outcome,
    String message,
    Profile profile,
    Asked asked,
    @Nullable Place chosen,
    List<Row> candidates,
    int omitted,
    Map<String, Integer> lost,
    @Nullable String whatWouldFlip,
    @Nullable String because) {

  /**
   * The same for a request that was refused in the end, such as by a full queue: no place was won,
   * so nothing is said of who would have won it.
   */
  public Explanation refused(String why) {
    return new Explanation(
        request,
        attempt,
        at,
        term,
        "refused",
        why,
        profile,
        asked,
        null,
        candidates,
        omitted,
        lost,
        null,
        null);
  }

  /**
   * What was asked, and what was made of it.
   *
   * @param targetWhy what made that tier the target
   * @param complexity 0 to 1, from the profile
   */
  public record Asked(
      String model,
      Tier targetTier,
      String targetWhy,
      double complexity,
      String strategy,
      String trafficClass,
      int promptTokens,
      int expectedTokens,
      long waitedMs) {}

  /**
   * The place that was chosen, or that is waited for.
   *
   * @param firstTokenMs as the client was told, put right by what was seen
   * @param finishMs as the client was told, put right by what was seen
   * @param promise intervals around both
   * @param parameters what is filled in where the client left it open; absent for nothing
   * @param byPlan why the model was in memory there, if the plan had it brought; else absent
   * @param otherTier why it is of another tier than the target; absent where it is not
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Place(
      ModelId model,
      NodeId node,
      Tier tier,
      String strategy,
      long firstTokenMs,
      long finishMs,
      double qualityTemperature,
      QualityColor qualityColor,
      Promise promise,
      @Nullable Parameters parameters,
      @Nullable ByPlan byPlan,
      @Nullable String otherTier) {}

  /**
   * One candidate.
   *
   * @param why in words, why it won or lost
   * @param score absent for one that a filter threw out, as are the figures that follow
   * @param quality quality temperature, 0 to 1
   * @param firstTokenMs predicted, from the decision
   * @param finishMs predicted, from the decision
   * @param learned what ratings and outcomes changed in its quality; absent where there were none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Row(
      ModelId model,
      NodeId node,
      Tier tier,
      ModelState state,
      Verdict verdict,
      String why,
      int inFlight,
      int slots,
      @Nullable Double score,
      @Nullable Double quality,
      @Nullable QualityColor qualityColor,
      @Nullable Long firstTokenMs,
      @Nullable Long finishMs,
      @Nullable Terms terms,
      @Nullable Times times,
      @Nullable String learned) {}

  /** The terms a strategy weighs, each 0 to 1, higher is better. */
  public record Terms(double quality, double speed, double cost, double load) {}

  /**
   * The parts of the prediction, in milliseconds.
   *
   * @param harmMs what others lose by it, added up; counts in the score and in no promise
   * @param cachedTokens part of the prompt that is expected in the cache there and need not be read
   */
  public record Times(
      long queueMs, long loadMs, long prefillMs, long decodeMs, long harmMs, int cachedTokens) {}
}
