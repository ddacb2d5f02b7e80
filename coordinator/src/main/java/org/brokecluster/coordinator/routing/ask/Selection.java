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
   * empty name is {@code auto}. The tier wish counts only where no model is named.
   *
   * @param meant the models that a name stands for, best first: itself, or variants of it
   * @return null if the name cannot be that of a model
   */
  static @Nullable Selection of(
      RequestFacts facts, Map<String, String> aliases, Function<ModelId, List<ModelId>> meant) {
    var name = unalias(facts.model(), aliases);
    var byName = byName(name);
    if (byName instanceof Any && facts.wishes().tier() != null) {
      return new OfTier(facts.wishes().tier());
    }
    if (byName != null) {
      return byName;
    }
    var models = new ArrayList<ModelId>();
    addModel(models, name, meant);
    for (var fallback : facts.wishes().fallbacks()) {
      var other = unalias(fallback, aliases);
      if (byName(other) == null) {
        addModel(models, other, meant);
      }
    }
    return models.isEmpty() ? null : new Named(models);
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

  private static void addModel(
      List<ModelId> models, String name, Function<ModelId, List<ModelId>> meant) {
    try {
      models.addAll(meant.apply(ModelId.of(name)));
    } catch (IllegalArgumentException e) {
      // Not a possible model name, so nobody has it: the refusal names what exists.
      return;
    }
  }
}
