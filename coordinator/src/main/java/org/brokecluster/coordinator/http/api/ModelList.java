package org.brokecluster.coordinator.http.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.brokecluster.protocol.model.Tier;
import org.jspecify.annotations.Nullable;

/**
 * Answer of {@code /v1/models}, in OpenAI's shape with what we know besides under {@code broke}.
 */
public record ModelList(String object, List<Entry> data) {
  private static final String OWNER = "broke-cluster";

  /** Copies the list. */
  public ModelList {
    data = List.copyOf(data);
  }

  /**
   * One name a client may write into {@code model}.
   *
   * @param created seconds since 1970; when this edge started, because nobody knows better
   */
  public record Entry(
      String id,
      String object,
      long created,
      @JsonProperty("owned_by") String ownedBy,
      Details broke) {}

  /**
   * What OpenAI's shape has no place for.
   *
   * @param kind {@code auto}, {@code tier} or {@code model}
   * @param models servable models behind {@code auto} or a tier
   */
  public record Details(
      String kind,
      @Nullable Tier tier,
      @Nullable String state,
      @Nullable List<String> nodes,
      @Nullable List<String> models,
      @Nullable Boolean simulated,
      @Nullable Long parameters,
      @Nullable String quantization,
      @Nullable Integer contextLength) {}

  /** {@code auto}, then the tiers that have a servable model, then every servable model. */
  public static ModelList of(List<ModelEntry> models, long created) {
    var servable = models.stream().filter(ModelEntry::servable).toList();
    var entries = new ArrayList<Entry>();
    entries.add(group("auto", "auto", null, servable, created));
    for (var tier : Tier.values()) {
      var ofTier = servable.stream().filter(model -> model.tier() == tier).toList();
      if (!ofTier.isEmpty()) {
        entries.add(group(tier.label(), "tier", tier, ofTier, created));
      }
    }
    servable.forEach(model -> entries.add(model(model, created)));
    return new ModelList("list", entries);
  }

  /** The entry with this id. */
  public Optional<Entry> find(String id) {
    return data.stream().filter(entry -> entry.id().equals(id)).findFirst();
  }

  private static Entry group(
      String id, String kind, @Nullable Tier tier, List<ModelEntry> models, long created) {
    var names = models.stream().map(ModelEntry::id).toList();
    return new Entry(
        id,
        "model",
        created,
        OWNER,
        new Details(kind, tier, null, null, names, null, null, null, null));
  }

  private static Entry model(ModelEntry model, long created) {
    return new Entry(
        model.id(),
        "model",
        created,
        OWNER,
        new Details(
            "model",
            model.tier(),
            model.state().name().toLowerCase(Locale.ROOT),
            model.nodes(),
            null,
            model.simulated(),
            model.parameters(),
            model.quantization(),
            model.contextLength()));
  }
}
