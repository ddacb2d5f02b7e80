package org.brokecluster.coordinator.routing.ask;

import java.util.List;
import java.util.Set;
import org.brokecluster.coordinator.history.learning.Knowledge;
import org.brokecluster.coordinator.routing.scorer.Strategy;
import org.brokecluster.coordinator.routing.scorer.Tuning;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.Tried;
import org.jspecify.annotations.Nullable;

/**
 * One request, ready to be decided.
 *
 * @param selection which models are meant, or null if the name is none of a model
 * @param target tier that fits: by complexity, or the one asked for
 * @param demand complexity in one number, 0 to 1
 * @param needs abilities the model must have
 * @param avoid where it was tried in vain
 * @param turn how many decisions the strategy has made before
 * @param patience how much waiting it can bear
 * @param knowledge what was learned that matters for it
 */
public record Question(
    RequestFacts facts,
    @Nullable Selection selection,
    Tier target,
    double demand,
    Set<Ability> needs,
    List<Tried> avoid,
    Strategy strategy,
    long turn,
    Patience patience,
    Knowledge knowledge) {

  /** Prepares a request of which nothing was learned. */
  public static Question of(
      RequestFacts facts,
      @Nullable Selection selection,
      List<Tried> avoid,
      Strategy strategy,
      long turn,
      Patience patience,
      Tuning tuning) {
    var needs = Spot.compact(facts.needs());
    needs.add(ability(facts));
    double demand = facts.profile().demand();
    var byDemand = tuning.targetFor(demand);
    var target =
        tierAsked(selection) instanceof Selection.OfTier wanted
            ? wanted.tier()
            : selection instanceof Selection.Rest rest ? rest.tier() : byDemand;
    return new Question(
        facts,
        selection,
        target,
        demand,
        needs,
        List.copyOf(avoid),
        strategy,
        turn,
        patience,
        Knowledge.NONE);
  }

  /** The same with what was learned. */
  public Question knowing(Knowledge learned) {
    return new Question(
        facts, selection, target, demand, needs, avoid, strategy, turn, patience, learned);
  }

  private static @Nullable Selection tierAsked(@Nullable Selection selection) {
    return selection instanceof Selection.Chain chain ? chain.asked() : selection;
  }

  private static Ability ability(RequestFacts facts) {
    return switch (facts.api()) {
      case CHAT -> Ability.CHAT;
      case COMPLETION -> Ability.COMPLETION;
    };
  }
}
