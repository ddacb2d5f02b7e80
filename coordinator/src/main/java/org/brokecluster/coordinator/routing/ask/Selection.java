package org.brokecluster.coordinator.routing.ask;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.RouterProtocol.Continues;
import org.jspecify.annotations.Nullable;

/** Which models a request means. */
public sealed interface Selection {
  /** The name by which a client leaves the choice to the router. */
  String AUTO = "auto";

  /** Any model; the tier is chosen by complexity. */
  record Any() implements Selection {}

  /** Models of one tier; where it is missing, the next best. */
  record OfTier(Tier tier) implements Selection {}

  /**
   * These models only, the first one that can be had.
   *
   * @param models at least one; the one asked for first, then the client's fallbacks
   */
  record Named(List<ModelId> models) implements Selection {
    /** Copies the list. */
    public Named {
      models = List.copyOf(models);
    }
  }

  /**
   * What was asked for, and what comes next where it cannot be had: each in turn, as far as it can
   * do what the request needs.
   *
   * @param asked a tier, or one model
   * @param fallbacks at least one; of these kinds, or any
   */
  record Chain(Selection asked, List<Selection> fallbacks) implements Selection {
    /** Copies the list. */
    public Chain {
      fallbacks = List.copyOf(fallbacks);
    }
  }

  /**
   * The rest of an answer: best by the same weights, else by the same tier, else by what was asked
   * for.
   *
   * @param asked what the client asked for; where it named models, no other tier-mate is taken
   */
  record Rest(ModelId model, Tier tier, Selection asked) implements Selection {}

  /** The selection for an answer that goes on, or {@code asked} if it begins anew. */
  static @Nullable Selection continuing(@Nullable Continues continues, @Nullable Selection asked) {
    return continues == null || asked == null
        ? asked
        : new Rest(continues.model(), continues.tier(), asked);
  }

  /**
   * Resolves what the client asked for: {@code auto}, a tier, an alias of either, or a model. An
   * empty name is {@code auto}. The tier wish counts only where no model is named. Fallbacks are
   * the client's own, or else those configured for what it asked for; {@code auto} needs none.
   *
   * @param fallbacks configured ones, by model or tier
   * @param meant the models that a name stands for, best first: itself, or variants of it
   * @return null if the name cannot be that of a model
   */
  static @Nullable Selection of(
      RequestFacts facts,
      Map<String, String> aliases,
      Map<String, List<String>> fallbacks,
      Function<ModelId, List<ModelId>> meant) {
    var wishes = facts.wishes();
    var name = unalias(facts.model(), aliases);
    var asked = resolve(name, meant);
    if (asked instanceof Any && wishes.tier() != null) {
      asked = new OfTier(wishes.tier());
      name = wishes.tier().label();
    }
    if (asked instanceof Any) {
      return asked;
    }
    var then =
        !wishes.fallbacks().isEmpty()
            ? wishes.fallbacks()
            : fallbacks.getOrDefault(facts.model(), fallbacks.getOrDefault(name, List.of()));
    var steps = new ArrayList<Selection>();
    for (var fallback : then) {
      var step = resolve(unalias(fallback, aliases), meant);
      if (step != null) {
        steps.add(step);
      }
    }
    return chain(asked, steps);
  }

  private static @Nullable Selection chain(@Nullable Selection asked, List<Selection> steps) {
    if (asked == null) {
      return steps.isEmpty() ? null : chain(steps.get(0), steps.subList(1, steps.size()));
    }
    if (steps.isEmpty()) {
      return asked;
    }
    var models = new ArrayList<ModelId>();
    boolean allNamed = addModels(models, asked);
    for (var step : steps) {
      allNamed &= addModels(models, step);
    }
    return allNamed ? new Named(models) : new Chain(asked, steps);
  }

  private static boolean addModels(List<ModelId> models, Selection step) {
    if (step instanceof Named named) {
      models.addAll(named.models());
      return true;
    }
    return false;
  }

  /** Whether the client named a model, so that no other one of its tier will do. */
  static boolean namesModel(Selection selection) {
    return selection instanceof Named
        || (selection instanceof Chain chain && chain.asked() instanceof Named);
  }

  private static @Nullable Selection resolve(String name, Function<ModelId, List<ModelId>> meant) {
    var byName = byName(name);
    if (byName != null) {
      return byName;
    }
    try {
      var models = meant.apply(ModelId.of(name));
      return models.isEmpty() ? null : new Named(models);
    } catch (IllegalArgumentException e) {
      return null; // Not a possible model name, so nobody has it: the refusal names what exists.
    }
  }

  private static @Nullable Selection byName(String name) {
    if (name.isEmpty() || name.equals(AUTO)) {
      return new Any();
    }
    return Tier.parse(name).map(OfTier::new).orElse(null);
  }

  private static String unalias(String name, Map<String, String> aliases) {
    return aliases.getOrDefault(name, name);
  }
}
