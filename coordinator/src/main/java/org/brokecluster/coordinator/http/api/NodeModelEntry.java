package org.brokecluster.coordinator.http.api;

import java.util.List;
import java.util.Locale;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;
import org.jspecify.annotations.Nullable;

/**
 * One model on one node.
 *
 * @param running attempts that hold a slot
 * @param waiting attempts admitted but without a slot yet
 * @param slots streams that run side by side
 * @param progress share of a running load, 0 to 1
 * @param reason why the model failed or is unsupported
 */
public record NodeModelEntry(
    String id,
    Tier tier,
    ModelState state,
    String runtime,
    boolean simulated,
    int running,
    int waiting,
    int slots,
    boolean pinned,
    @Nullable Double progress,
    @Nullable String reason,
    @Nullable Long parameters,
    @Nullable String quantization,
    @Nullable Integer contextLength,
    @Nullable Long bytes,
    List<String> abilities,
    @Nullable SpeedEntry speed) {

  /** From what is gossiped; a model without a load report is on disk as far as anybody knows. */
  public static NodeModelEntry of(ModelFacts facts, @Nullable ModelLoad load) {
    return new NodeModelEntry(
        facts.id().value(),
        facts.tier(),
        load == null ? ModelState.DISK : load.state(),
        facts.runtime(),
        facts.simulated(),
        load == null ? 0 : load.running(),
        load == null ? 0 : load.waiting(),
        facts.slots(),
        load != null && load.pinned(),
        load == null ? null : load.progress(),
        load == null ? null : load.reason(),
        facts.parameters(),
        facts.quantization(),
        facts.contextLength(),
        facts.bytes(),
        facts.abilities().stream()
            .map(each -> each.name().toLowerCase(Locale.ROOT))
            .sorted()
            .toList(),
        load == null ? null : SpeedEntry.of(load.speed()));
  }
}
