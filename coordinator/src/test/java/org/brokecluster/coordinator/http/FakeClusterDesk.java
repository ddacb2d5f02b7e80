package org.brokecluster.coordinator.http;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.brokecluster.coordinator.http.api.ActionResult;
import org.brokecluster.coordinator.http.api.ClusterStatus;
import org.brokecluster.coordinator.http.api.ContentEntry;
import org.brokecluster.coordinator.http.api.NodeEntry;
import org.brokecluster.coordinator.http.api.QueueEntry;
import org.brokecluster.coordinator.http.api.Readiness;
import org.brokecluster.coordinator.http.api.StrategyState;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Baseline;
import org.brokecluster.protocol.model.MachineKind;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.node.DrillKind;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.node.NodeProtocol.ModelAction;
import org.brokecluster.protocol.state.LearningStatus;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;
import org.brokecluster.protocol.state.NodeFacts;
import org.brokecluster.protocol.state.NodeLoad;
import org.brokecluster.protocol.state.PromiseFigures;
import org.jspecify.annotations.Nullable;

/** A cluster of two nodes, {@code studio} and {@code mini}, that remembers what it was told. */
public final class FakeClusterDesk implements ClusterDesk {
  public static final MachineKind KIND = new MachineKind("M2 Ultra", 64L << 30, null);
  public static final Baseline BASELINE =
      new Baseline(
          ModelId.of("small"),
          "mlx",
          5L,
          null,
          new Baseline.Mean(80.5, 3),
          null,
          List.of(),
          1_790_000_000L,
          false);

  private final List<NodeProtocol.PullStatus> pulls = new CopyOnWriteArrayList<>();
  private final List<String> orders = new CopyOnWriteArrayList<>();
  private final FakeCollectDesk collect = new FakeCollectDesk(orders);
  private volatile Readiness readiness = new Readiness(true, List.of(), 2, 3, "studio", "ok", 0, 0);
  private volatile String strategy = "balanced";
  private volatile @Nullable QueueEntry queue;

  /** What was asked of the cluster, in words. */
  public List<String> orders() {
    return orders;
  }

  public void readiness(Readiness now) {
    readiness = now;
  }

  @Override
  public Readiness readiness() {
    return readiness;
  }

  @Override
  public List<NodeEntry> nodes() {
    return List.of(
        node("mini", "up", model("small", Tier.BASIC, ModelState.LOADED)),
        node(
            "studio",
            "up",
            model("small", Tier.BASIC, ModelState.DISK),
            model("lab/Large-4bit", Tier.PREMIUM, ModelState.LOADING),
            model("broken", Tier.BALANCED, ModelState.FAILED)));
  }

  @Override
  public ClusterStatus status() {
    return ClusterStatus.of("studio", "1.2.3", readiness, "ok", null, ContentEntry.NONE, nodes());
  }

  public void queue(@Nullable QueueEntry now) {
    queue = now;
  }

  @Override
  public @Nullable QueueEntry queue() {
    return queue;
  }

  @Override
  public @Nullable LearningStatus learning() {
    return new LearningStatus(
        new PromiseFigures(
            0.8,
            new PromiseFigures.Phase(40, 0.75, 0.25, 0.5),
            null,
            new PromiseFigures.Waiting(9, 0.125, 0.375)),
        3);
  }

  @Override
  public StrategyState strategy() {
    return new StrategyState(strategy, List.of("balanced", "speed"));
  }

  @Override
  public CompletionStage<StrategyState> setStrategy(String wanted) {
    if (!wanted.equals("speed")) {
      return CompletableFuture.failedFuture(
          new ApiException(ApiError.invalid("strategy", "unknown_strategy", "no such strategy")));
    }
    strategy = wanted;
    return CompletableFuture.completedFuture(strategy());
  }

  @Override
  public CompletionStage<Optional<String>> dryRun(ChatCall call) {
    orders.add("dry run " + call.api() + " " + call.model() + " " + call.promptTokens());
    return found("{\"chosen\":\"small\"}");
  }

  @Override
  public CompletionStage<Optional<String>> plan() {
    return found("{\"mode\":\"suggest\"}");
  }

  @Override
  public CompletionStage<Optional<String>> request(RequestId request) {
    return request.value().equals("known") ? found("{\"id\":\"known\"}") : none();
  }

  @Override
  public CompletionStage<Optional<String>> explain(RequestId request) {
    return request.value().equals("known") ? found("{\"candidates\":[]}") : none();
  }

  @Override
  public FakeCollectDesk collect() {
    return collect;
  }

  @Override
  public HistoryDesk history() {
    return new FakeHistoryDesk(orders);
  }

  @Override
  public CompletionStage<Optional<ActionResult>> drill(NodeId node, DrillKind kind, int seconds) {
    return ordered(node, "drill " + node + " " + kind.label() + " " + seconds);
  }

  @Override
  public CompletionStage<Optional<ActionResult>> drain(NodeId node, boolean on) {
    return ordered(node, (on ? "drain " : "resume ") + node);
  }

  @Override
  public CompletionStage<Optional<ActionResult>> model(
      NodeId node, ModelId model, ModelAction action) {
    return ordered(node, action + " " + model + " on " + node);
  }

  /** What {@link #pull} answers to each look, in order; the last one for ever. */
  public void pulling(NodeProtocol.PullStatus... looks) {
    pulls.clear();
    pulls.addAll(List.of(looks));
  }

  @Override
  public CompletionStage<Optional<NodeProtocol.PullStatus>> pull(
      NodeId node, String model, List<String> include, NodeProtocol.PullAction action) {
    if (action != NodeProtocol.PullAction.LOOK) {
      orders.add("pull " + action + " " + model + " " + include + " on " + node);
    }
    if (!Set.of("studio", "mini").contains(node.value())) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    var status = pulls.size() > 1 ? pulls.remove(0) : pulls.get(0);
    return status.phase() == NodeProtocol.PullPhase.UNKNOWN
        ? CompletableFuture.failedFuture(new TimeoutException("silent"))
        : CompletableFuture.completedFuture(Optional.of(status));
  }

  @Override
  public CompletionStage<Optional<NodeProtocol.Speeds>> speeds(NodeId node) {
    return CompletableFuture.completedFuture(
        node.value().equals("mini")
            ? Optional.of(new NodeProtocol.Speeds(node, KIND, List.of(BASELINE)))
            : Optional.empty());
  }

  @Override
  public CompletionStage<Optional<ActionResult>> adoptSpeeds(
      NodeId node, MachineKind measuredOn, List<Baseline> speeds, boolean force) {
    return ordered(
        node, "adopt " + speeds + " of " + measuredOn.label() + (force ? " by force" : ""));
  }

  private CompletionStage<Optional<ActionResult>> ordered(NodeId node, String order) {
    if (!Set.of("studio", "mini").contains(node.value())) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    orders.add(order);
    boolean accepted = !order.contains("broken");
    return CompletableFuture.completedFuture(
        Optional.of(new ActionResult(accepted, node.value(), accepted ? "done" : "it is broken")));
  }

  private static CompletionStage<Optional<String>> found(String json) {
    return CompletableFuture.completedFuture(Optional.of(json));
  }

  private static CompletionStage<Optional<String>> none() {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /** One model of a node. */
  public record TestModel(ModelFacts facts, ModelLoad load) {}

  /** A model in some state. */
  public static TestModel model(String id, Tier tier, ModelState state) {
    var facts =
        new ModelFacts(
            ModelId.of(id),
            tier,
            "simulated",
            true,
            4_000_000_000L,
            "4bit",
            2_500_000_000L,
            tier == Tier.BASIC ? 8192 : 32_768,
            4,
            Set.of(Ability.CHAT, Ability.TOOLS));
    var load =
        new ModelLoad(
            ModelId.of(id), state, null, null, 1, 0, false, new Speed(900.04, 55.55, 3, false));
    return new TestModel(facts, load);
  }

  /** A node with some models. */
  public static NodeEntry node(String name, String membership, TestModel... models) {
    var facts =
        new NodeFacts(
            NodeFacts.PROTOCOL_VERSION,
            NodeId.of(name),
            1,
            null,
            4711,
            "127.0.0.1:25520",
            "http://127.0.0.1:8000",
            List.of("edge", "node"),
            true,
            "Apple M2 Ultra",
            64L << 30,
            "1.2.3",
            List.of(models).stream().map(TestModel::facts).toList(),
            0,
            null);
    var load =
        new NodeLoad(
            NodeFacts.PROTOCOL_VERSION,
            NodeId.of(name),
            1,
            1,
            1,
            0,
            List.of(),
            32L << 30,
            false,
            false,
            List.of(models).stream().map(TestModel::load).toList(),
            null,
            null);
    return NodeEntry.of(facts, load, membership);
  }
}
