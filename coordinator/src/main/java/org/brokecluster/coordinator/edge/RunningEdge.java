package org.brokecluster.coordinator.edge;

import akka.actor.typed.ActorRef;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import akka.stream.SystemMaterializer;
import io.micrometer.core.instrument.Gauge;
import java.time.Duration;
import java.util.HashMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.brokecluster.coordinator.content.ContentOutbox;
import org.brokecluster.coordinator.history.RoutingHistory;
import org.brokecluster.coordinator.history.content.ContentStore;
import org.brokecluster.coordinator.http.route.EdgeRoutes;
import org.brokecluster.coordinator.http.route.RequestIds;
import org.brokecluster.coordinator.http.server.HttpServer;
import org.brokecluster.coordinator.request.KeptAnswersActor;
import org.brokecluster.coordinator.request.Requests;
import org.brokecluster.coordinator.router.ClusterView;
import org.brokecluster.coordinator.router.ClusterViewActor;
import org.brokecluster.coordinator.router.RouterActor;
import org.brokecluster.coordinator.router.TermWitnessActor;
import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.coordinator.whatif.WhatIfReplay;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.edge.KeptProtocol;
import org.brokecluster.protocol.router.RouterProtocol;
import org.brokecluster.shared.Version;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.host.Host;
import org.brokecluster.shared.host.HostAddress;
import org.brokecluster.shared.host.HostSettings;
import org.brokecluster.shared.host.Membership;
import org.brokecluster.shared.host.Part;
import org.brokecluster.shared.host.StartException;
import org.jspecify.annotations.Nullable;

/** The edge of one host while it runs: bound port, requests, and what each membership adds. */
final class RunningEdge implements Part.Running {
  /** How long a new router waits for what was learned before; it routes meanwhile. */
  private static final Duration HISTORY_PATIENCE = Duration.ofMinutes(2);

  /** Edges that are gone of which this one remembers that they have been there. */
  private static final int EDGES_LOST_MAX = 1_000;

  /** Time in which clients whose answers do not get done are told so. */
  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  private static final Duration STOP_GRACE = Duration.ofMillis(500);

  private final Host host;
  private final Duration drainTimeout;
  private final AtomicReference<RouterSettings> routerSettings;
  private final Requests requests;
  private final LiveClusterDesk desk;
  private final HttpServer.Bound server;
  private final RequestIds ids;
  private final EdgeRoll<ActorRef<KeptProtocol.Command>> edges;
  private final @Nullable RoutingHistory history;
  private final @Nullable ContentStore contents;
  private final boolean keepsTexts;

  private RunningEdge(
      Host host,
      Duration drainTimeout,
      AtomicReference<RouterSettings> routerSettings,
      Requests requests,
      LiveClusterDesk desk,
      HttpServer.Bound server,
      RequestIds ids,
      EdgeRoll<ActorRef<KeptProtocol.Command>> edges,
      @Nullable RoutingHistory history,
      @Nullable ContentStore contents,
      boolean keepsTexts) {
    this.host = host;
    this.drainTimeout = drainTimeout;
    this.routerSettings = routerSettings;
    this.requests = requests;
    this.desk = desk;
    this.server = server;
    this.ids = ids;
    this.edges = edges;
    this.history = history;
    this.contents = contents;
    this.keepsTexts = keepsTexts;
  }

  static RunningEdge start(Host host, EdgeSettings settings) throws StartException {
    var view = new CurrentView();
    var texts = new ContentOutbox(settings.content(), RunningEdge::monotonicMillis);
    var requests =
        new Requests(
            host.system(),
            settings.requests(),
            settings.http(),
            settings.estimator(),
            view::isSimulated,
            texts);
    var desk =
        new LiveClusterDesk(host, Version.current(), requests, view, texts, settings.nodesNeeded());
    texts.start(host.system(), desk.collect()::keep);
    var ids = new RequestIds();
    var edges = new EdgeRoll<ActorRef<KeptProtocol.Command>>(EDGES_LOST_MAX);
    var reattach =
        new Reattaching(
            ids,
            requests.kept(),
            edges,
            host.system(),
            desk::request,
            settings.http().keepAliveComment());
    var routes =
        new EdgeRoutes(
            new EdgeRoutes.Context(
                settings.http(),
                SystemMaterializer.get(host.system()).materializer(),
                host.metrics(),
                requests,
                desk,
                reattach,
                ids,
                host.settings().name().value(),
                Version.current(),
                System.currentTimeMillis() / 1_000));
    var server = HttpServer.start(settings.http(), host.system(), host.metrics(), routes);
    host.httpAddress().set(url(server, host.settings()));
    meters(host, requests);
    ContentMeters.register(host.metrics(), texts);
    RouterMeters.register(host.metrics(), desk);
    var history =
        host.settings().has(HostSettings.COORDINATOR)
            ? RoutingHistory.open(
                host.system(),
                host.settings().dataDir(),
                settings.history(),
                new WhatIfReplay(host::config, view::offers))
            : null;
    var contents =
        history == null ? null : history.contents(host.settings().dataDir(), settings.content());
    var router = new AtomicReference<>(settings.router());
    host.configWatch()
        .onChange(
            RouterSettings.LIVE_KEYS,
            config -> router.set(RouterSettings.from(new SettingsReader(config))));
    return new RunningEdge(
        host,
        settings.drainTimeout(),
        router,
        requests,
        desk,
        server,
        ids,
        edges,
        history,
        contents,
        settings.content().store() && settings.history().enabled());
  }

  @Override
  public void join(Membership membership) {
    var router = router(membership);
    var edge = membership.spawn(requests.edge(router), "edge");
    desk.linked(new ClusterLink(membership.system(), router));
    membership.spawn(ClusterViewActor.create(view -> seen(view, edge)), "view");
    membership.spawn(FinderActor.create(FinderActor.HISTORY, desk::historiesAt), "history-finder");
    var texts = desk.collect();
    membership.spawn(FinderActor.create(FinderActor.CONTENT, texts::keepersAt), "content-finder");
    membership.spawn(
        FinderActor.create(FinderActor.CONTENT_KEEPING, texts::keepingAt), "keeping-finder");
    membership.spawn(
        KeptAnswersActor.create(requests.kept(), ids::made), KeptAnswersActor.name(ids.process()));
    membership.spawn(FinderActor.create(KeptAnswersActor.KEY, this::edgesAt), "edge-finder");
    if (history != null) {
      var queries = membership.spawn(history.queries(), "history");
      register(membership, FinderActor.HISTORY, queries);
    }
    if (contents != null) {
      var keeper = membership.spawn(contents.actor(), "content");
      register(membership, FinderActor.CONTENT, keeper);
      if (keepsTexts) {
        register(membership, FinderActor.CONTENT_KEEPING, keeper);
      }
    }
  }

  private void edgesAt(Set<ActorRef<KeptProtocol.Command>> latest) {
    var byProcess = new HashMap<String, ActorRef<KeptProtocol.Command>>();
    latest.forEach(each -> byProcess.put(KeptAnswersActor.process(each), each));
    edges.seen(byProcess);
  }

  private static <T> void register(Membership membership, ServiceKey<T> key, ActorRef<T> actor) {
    membership.system().receptionist().tell(Receptionist.register(key, actor));
  }

  private ActorRef<RouterProtocol.Command> router(Membership membership) {
    var kept = history;
    if (kept == null) {
      return RouterSingleton.proxy(membership);
    }
    var self = host.settings().name();
    var witness =
        membership.spawn(TermWitnessActor.create(self, host.settings().dataDir()), "term-witness");
    return RouterSingleton.run(
        membership,
        RouterActor.create(
            routerSettings::get,
            self,
            witness,
            Math.max(1, host.settings().coordinators().size()),
            term -> kept.sinkForTerm(self, term),
            term -> kept.learnedBefore(term, HISTORY_PATIENCE)));
  }

  private void seen(ClusterView view, ActorRef<EdgeProtocol.Command> edge) {
    desk.seen(view);
    var router = view.router();
    if (router != null) {
      edge.tell(Requests.termSeen(router.term()));
    }
  }

  @Override
  public CompletionStage<Void> drain() {
    var patience = drainTimeout.minus(LAST_WORDS);
    var system = host.system();
    var last =
        system
            .scheduler()
            .scheduleOnce(
                patience.isNegative() ? Duration.ZERO : patience,
                requests::end,
                system.executionContext());
    return requests.drain().whenComplete((done, failure) -> last.cancel());
  }

  @Override
  public CompletionStage<Void> stop() {
    var closed = history == null ? CompletableFuture.<Void>completedStage(null) : history.close();
    return server.stop(STOP_GRACE).thenCombine(closed, (stopped, stored) -> null);
  }

  private static long monotonicMillis() {
    return System.nanoTime() / 1_000_000;
  }

  private static void meters(Host host, Requests requests) {
    Gauge.builder("broke.requests.running", requests, Requests::running)
        .description("client requests under way on this edge")
        .register(host.metrics());
    Gauge.builder("broke.kept.answers", requests, Requests::keptAnswers)
        .description("answers kept for clients that may come back")
        .register(host.metrics());
    Gauge.builder("broke.kept.bytes", requests, Requests::keptBytes)
        .description("bytes of the answers kept for clients that may come back")
        .register(host.metrics());
    Gauge.builder("broke.reports.waiting", requests, Requests::unreported)
        .description("reports of ended attempts that no router has noted yet")
        .register(host.metrics());
    Gauge.builder("broke.reports.dropped", requests, Requests::reportsDropped)
        .description("reports given up because no router came for too long")
        .register(host.metrics());
  }

  /** Where other machines reach the edge; on every address means on the cluster's too. */
  private static String url(HttpServer.Bound server, HostSettings settings) {
    var address = server.reachable();
    return HostAddress.isWildcard(address.getAddress().getHostAddress())
        ? HostAddress.url(HostAddress.own(settings.clusterBind()), address.getPort())
        : HostAddress.url(address.getAddress().getHostAddress(), address.getPort());
  }
}
