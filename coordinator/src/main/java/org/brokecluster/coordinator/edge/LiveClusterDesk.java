package org.brokecluster.coordinator.edge;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.AskPattern;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.brokecluster.coordinator.content.ContentOutbox;
import org.brokecluster.coordinator.http.ClusterDesk;
import org.brokecluster.coordinator.http.HistoryDesk;
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
import org.brokecluster.coordinator.request.Requests;
import org.brokecluster.coordinator.router.ClusterView;
import org.brokecluster.protocol.history.HistoryProtocol;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Baseline;
import org.brokecluster.protocol.model.MachineKind;
import org.brokecluster.protocol.node.DrillKind;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.router.RouterProtocol;
import org.brokecluster.protocol.state.LearningStatus;
import org.brokecluster.shared.host.Host;
import org.jspecify.annotations.Nullable;

/**
 * Answers the reading and operating endpoints from this edge's view, the router and the history.
 */
final class LiveClusterDesk implements ClusterDesk {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A model's load may take minutes; after this long it is told as begun. */
  private static final Duration MODEL_PATIENCE = Duration.ofSeconds(20);

  private final Host host;
  private final String version;
  private final Requests requests;
  private final CurrentView view;
  private final AtomicReference<@Nullable ClusterLink> link = new AtomicReference<>();
  private final LiveHistoryDesk history = new LiveHistoryDesk(link::get, this::keeper);
  private final LiveCollectDesk collect = new LiveCollectDesk(link::get, this::keeper);
  private final ContentOutbox texts;
  private final ReadyRule ready;

  /**
   * A desk without a membership yet.
   *
   * @param texts texts of this host's calls
   * @param nodesNeeded nodes that must have come before this edge calls itself ready
   */
  LiveClusterDesk(
      Host host,
      String version,
      Requests requests,
      CurrentView view,
      ContentOutbox texts,
      int nodesNeeded) {
    this.texts = texts;
    this.host = host;
    this.version = version;
    this.requests = requests;
    this.view = view;
    this.ready = new ReadyRule(nodesNeeded);
  }

  void linked(ClusterLink next) {
    view.set(ClusterView.EMPTY);
    history.keepersAt(Set.of());
    collect.keepersAt(Set.of());
    collect.keepingAt(Set.of());
    link.set(next);
  }

  void seen(ClusterView latest) {
    view.set(latest);
  }

  void historiesAt(Set<ActorRef<HistoryProtocol.Query>> latest) {
    history.keepersAt(latest);
  }

  private KeeperChoice keeper() {
    var now = view.get();
    var router = now.router();
    if (router == null) {
      return KeeperChoice.ANY;
    }
    var at = now.member(router.coordinator()).map(ClusterView.MemberView::address).orElse("");
    return new KeeperChoice(at, router.historyAt() == null || router.historyAt().shared());
  }

  @Override
  public Readiness readiness() {
    return ready.now(nodes(), view.get().router(), host.joinTrouble().get());
  }

  @Override
  public List<NodeEntry> nodes() {
    return view.get().members().stream()
        .filter(member -> member.facts() != null)
        .map(member -> NodeEntry.of(member.facts(), member.load(), member.membership().label()))
        .sorted(java.util.Comparator.comparing(NodeEntry::name))
        .toList();
  }

  @Override
  public ClusterStatus status() {
    return ClusterStatus.of(
        host.settings().name().value(),
        version,
        readiness(),
        host.configWatch().trouble().orElse("ok"),
        view.get().router(),
        content(),
        nodes());
  }

  private ContentEntry content() {
    return new ContentEntry(texts.isOn(), collect.isKept(), texts.waiting(), texts.lost());
  }

  @Override
  public @Nullable LearningStatus learning() {
    var router = view.get().router();
    return router == null ? null : router.learning();
  }

  @Override
  public @Nullable QueueEntry queue() {
    return QueueEntry.of(view.get().router());
  }

  @Override
  public StrategyState strategy() {
    var router = view.get().router();
    return router == null
        ? new StrategyState("", List.of())
        : new StrategyState(router.strategy(), router.strategies());
  }

  @Override
  public CompletionStage<StrategyState> setStrategy(String strategy) {
    return this.<RouterProtocol.StrategySet>askRouter(
            replyTo -> new RouterProtocol.SetStrategy(strategy, replyTo))
        .thenApply(
            set -> {
              if (!set.accepted()) {
                throw new ApiException(
                    ApiError.invalid(
                        "strategy",
                        "unknown_strategy",
                        "there is no strategy \"%s\"; known are %s"
                            .formatted(strategy, String.join(", ", set.known()))));
              }
              return new StrategyState(set.strategy(), set.known());
            });
  }

  @Override
  public CompletionStage<Optional<String>> dryRun(ChatCall call) {
    var facts = requests.facts(call);
    return this.<RouterProtocol.Explained>askRouter(
            replyTo -> new RouterProtocol.DryRun(facts, replyTo))
        .thenApply(explained -> Optional.ofNullable(explained.json()));
  }

  @Override
  public CompletionStage<Optional<String>> plan() {
    return this.<RouterProtocol.Explained>askRouter(RouterProtocol.GetPlan::new)
        .thenApply(plan -> Optional.ofNullable(plan.json()));
  }

  @Override
  public CompletionStage<Optional<String>> request(RequestId request) {
    return history.request(request);
  }

  /** The router remembers all candidates of recent decisions; the history the best of all. */
  @Override
  public CompletionStage<Optional<String>> explain(RequestId request) {
    return this.<RouterProtocol.Explained>askRouter(
            replyTo -> new RouterProtocol.GetDecision(request, replyTo))
        .thenCompose(
            explained ->
                explained.json() == null
                    ? request(request)
                    : CompletableFuture.completedStage(Optional.of(explained.json())));
  }

  @Override
  public LiveCollectDesk collect() {
    return collect;
  }

  @Override
  public HistoryDesk history() {
    return history;
  }

  @Override
  public CompletionStage<Optional<ActionResult>> drain(NodeId node, boolean on) {
    return askNode(node, PATIENCE, replyTo -> new NodeProtocol.Drain(on, replyTo));
  }

  @Override
  public CompletionStage<Optional<ActionResult>> drill(NodeId node, DrillKind kind, int seconds) {
    return askNode(node, PATIENCE, replyTo -> new NodeProtocol.Drill(kind, seconds, replyTo));
  }

  @Override
  public CompletionStage<Optional<ActionResult>> model(
      NodeId node, ModelId model, NodeProtocol.ModelAction action) {
    var order =
        askNode(
            node,
            MODEL_PATIENCE,
            replyTo -> new NodeProtocol.ModelCommand(model, action, 0, replyTo));
    return action == NodeProtocol.ModelAction.LOAD
        ? order.exceptionally(failure -> Optional.of(stillLoading(node, model, failure)))
        : order;
  }

  /** A load of minutes is nothing unusual; whoever asked for it can watch it. */
  private static ActionResult stillLoading(NodeId node, ModelId model, Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TimeoutException) {
      return new ActionResult(
          true, true, node.value(), "still loading: model=" + model + "; see ./broke models");
    }
    throw cause instanceof RuntimeException known ? known : new CompletionException(failure);
  }

  @Override
  public CompletionStage<Optional<NodeProtocol.PullStatus>> pull(
      NodeId node, String model, List<String> include, NodeProtocol.PullAction action) {
    return this.<NodeProtocol.PullStatus>tellNode(
        node, PATIENCE, replyTo -> new NodeProtocol.Pull(model, include, action, replyTo));
  }

  @Override
  public CompletionStage<Optional<NodeProtocol.Speeds>> speeds(NodeId node) {
    return this.<NodeProtocol.Speeds>tellNode(node, PATIENCE, NodeProtocol.ReadSpeeds::new);
  }

  @Override
  public CompletionStage<Optional<ActionResult>> adoptSpeeds(
      NodeId node, MachineKind measuredOn, List<Baseline> speeds, boolean force) {
    return askNode(
        node,
        PATIENCE,
        replyTo -> new NodeProtocol.AdoptSpeeds(measuredOn, speeds, force, replyTo));
  }

  private CompletionStage<Optional<ActionResult>> askNode(
      NodeId name,
      Duration patience,
      Function<ActorRef<NodeProtocol.Done>, NodeProtocol.Command> question) {
    return this.<NodeProtocol.Done>tellNode(name, patience, question)
        .thenApply(
            answer ->
                answer.map(
                    done ->
                        new ActionResult(done.accepted(), done.node().value(), done.message())));
  }

  private <T> CompletionStage<Optional<T>> tellNode(
      NodeId name, Duration patience, Function<ActorRef<T>, NodeProtocol.Command> question) {
    var node = view.get().member(name).map(ClusterView.MemberView::facts).orElse(null);
    if (node == null || node.node() == null) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    var to = node.node();
    return inCluster(
        (system, router) ->
            AskPattern.<NodeProtocol.Command, T>ask(
                    to, question::apply, patience, system.scheduler())
                .thenApply(Optional::of));
  }

  private <T> CompletionStage<T> askRouter(Function<ActorRef<T>, RouterProtocol.Command> question) {
    return inCluster(
        (system, router) ->
            AskPattern.<RouterProtocol.Command, T>ask(
                router, question::apply, PATIENCE, system.scheduler()));
  }

  private <T> CompletionStage<T> inCluster(
      BiFunction<
              akka.actor.typed.ActorSystem<?>, ActorRef<RouterProtocol.Command>, CompletionStage<T>>
          question) {
    var current = link.get();
    return current == null
        ? unavailable("no_cluster", "this edge is not connected to the cluster")
        : question.apply(current.system(), current.router());
  }

  private static <T> CompletionStage<T> unavailable(String code, String message) {
    return CompletableFuture.failedStage(
        new ApiException(ApiError.server(503, code, message).retryAfter(2_000)));
  }
}
