package org.brokecluster.coordinator.http.api;

import java.util.List;
import java.util.function.ToIntFunction;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.state.ModelLoad;
import org.brokecluster.protocol.state.NodeFacts;
import org.brokecluster.protocol.state.NodeLoad;
import org.jspecify.annotations.Nullable;

/**
 * One member of the cluster.
 *
 * @param state {@code joining}, {@code up}, {@code unreachable}, {@code draining}, {@code leaving}
 *     or {@code down}
 * @param address cluster address as host:port
 * @param http base address of its edge, if it has one
 * @param memoryBytes physical memory, 0 if unknown
 * @param memoryFreeBytes memory a further model could take, 0 if unknown
 * @param memoryWarning whether models fill nearly all the memory they may take
 * @param running attempts that hold a slot
 * @param queued attempts admitted but without a slot yet
 * @param modelsOmitted models not listed because there are too many
 * @param away why it takes no new work, in words; null while it does
 * @param machine more about the machine and how it is, as far as that could be read
 */
public record NodeEntry(
    String name,
    String state,
    long pid,
    String address,
    @Nullable String http,
    boolean simulated,
    String chip,
    long memoryBytes,
    long memoryFreeBytes,
    boolean memoryWarning,
    List<NodeModelEntry> models,
    int modelsOmitted,
    int running,
    int queued,
    List<String> roles,
    String version,
    @Nullable String away,
    @Nullable MachineEntry machine) {
  /** Copies the lists. */
  public NodeEntry {
    models = List.copyOf(models);
    roles = List.copyOf(roles);
  }

  /**
   * From what is gossiped.
   *
   * @param load the latest report, or null if none has arrived
   * @param membership state as the membership sees it; an {@code up} node that drains shows so
   */
  public static NodeEntry of(NodeFacts facts, @Nullable NodeLoad load, String membership) {
    boolean draining = load != null && load.draining() && membership.equals("up");
    return new NodeEntry(
        facts.name().value(),
        draining ? "draining" : membership,
        facts.pid(),
        facts.address(),
        facts.http(),
        facts.simulated(),
        facts.chip(),
        facts.memoryBytes(),
        load == null ? 0 : load.memoryFreeBytes(),
        load != null && load.memoryWarning(),
        facts.models().stream()
            .map(model -> NodeModelEntry.of(model, loadOf(load, model.id())))
            .toList(),
        facts.modelsOmitted(),
        sum(load, ModelLoad::running),
        sum(load, ModelLoad::waiting),
        facts.roles(),
        facts.version(),
        draining ? load.away() : null,
        MachineEntry.of(facts.machine(), load == null ? null : load.machine()));
  }

  /** Whether requests may be sent there. */
  boolean serving() {
    return state.equals("up");
  }

  private static @Nullable ModelLoad loadOf(@Nullable NodeLoad load, ModelId model) {
    if (load == null) {
      return null;
    }
    return load.models().stream().filter(each -> each.id().equals(model)).findFirst().orElse(null);
  }

  private static int sum(@Nullable NodeLoad load, ToIntFunction<ModelLoad> count) {
    return load == null ? 0 : load.models().stream().mapToInt(count).sum();
  }
}
