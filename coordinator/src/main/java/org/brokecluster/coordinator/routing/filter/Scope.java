package org.brokecluster.coordinator.routing.filter;

import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.routing.ask.Selection;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Tier;
import org.jspecify.annotations.Nullable;

/**
 * The models looked at in one round of a decision. A round without a contender is followed by the
 * next: after a missing tier all tiers, after a missing model the next fallback.
 *
 * @param model the only model, or null for any
 * @param tier the only tier, or null for any
 */
public record Scope(@Nullable ModelId model, @Nullable Tier tier) {
  private static final Scope ALL = new Scope(null, null);

  /** The rounds of a selection, in order; none if the selection is null. */
  public static List<Scope> rounds(@Nullable Selection selection) {
    if (selection instanceof Selection.Any) {
      return List.of(ALL);
    }
    if (selection instanceof Selection.OfTier wanted) {
      return List.of(new Scope(null, wanted.tier()), ALL);
    }
    var rounds = new ArrayList<Scope>();
    if (selection instanceof Selection.Chain chain) {
      rounds.addAll(steps(chain.asked()));
      chain.fallbacks().forEach(each -> rounds.addAll(steps(each)));
      if (chain.asked() instanceof Selection.OfTier) {
        rounds.add(ALL);
      }
      return rounds;
    }
    if (selection instanceof Selection.Rest rest) {
      rounds.add(new Scope(rest.model(), null));
      if (!Selection.namesModel(rest.asked())) {
        rounds.add(new Scope(null, rest.tier()));
      }
      rounds.addAll(rounds(rest.asked()));
    } else if (selection instanceof Selection.Named named) {
      named.models().forEach(model -> rounds.add(new Scope(model, null)));
    }
    return rounds;
  }

  /** One link of a chain: a tier here means that tier only. */
  private static List<Scope> steps(Selection step) {
    return step instanceof Selection.OfTier wanted
        ? List.of(new Scope(null, wanted.tier()))
        : rounds(step);
  }

  /** Why a spot is outside, or null if it is inside. */
  @Nullable Verdict excludes(Spot spot) {
    if (model != null && !model.equals(spot.model())) {
      return Verdict.OTHER_MODEL;
    }
    return tier != null && tier != spot.tier() ? Verdict.OTHER_TIER : null;
  }
}
