package org.brokecluster.coordinator.request;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.http.javadsl.model.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.brokecluster.coordinator.http.ConnectionWatch;
import org.brokecluster.coordinator.http.GenerationDesk;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.coordinator.http.server.HttpSettings;
import org.brokecluster.coordinator.routing.profile.AgentHints;
import org.brokecluster.coordinator.routing.profile.ComplexityEstimator;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.RouterProtocol;

/**
 * The requests of one host: outlives memberships, and gives each new one the edge actor that links
 * it to them. Thread safe.
 */
public final class Requests implements GenerationDesk {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final RequestContext context;
  private final RequestSettings settings;
  private final ComplexityEstimator estimator;
  private final KeptAnswers kept;
  private final ActorRef<RequestsActor.Command> actor;

  /**
   * Starts without requests.
   *
   * @param host the host's own actor system
   * @param simulated whether a node's answers are simulated
   * @param tap looks at answers
   */
  public Requests(
      ActorSystem<?> host,
      RequestSettings settings,
      HttpSettings http,
      ComplexityEstimator estimator,
      Predicate<NodeId> simulated,
      AnswerTap tap) {
    this.settings = settings;
    this.estimator = estimator;
    this.context =
        new RequestContext(
            new RequestRegistry(),
            new ReportOutbox(settings.reportsMax()),
            settings.limits(),
            settings.rescue(),
            simulated,
            settings.total(),
            () -> System.nanoTime() / NANOS_PER_MILLI);
    var answers =
        new AnswerSettings(
            http.streamBuffer(),
            settings.congestion(),
            http.maxAnswer(),
            http.keepAliveComment(),
            settings.headersAfter(),
            () -> System.currentTimeMillis() / 1_000,
            context.clock(),
            simulated);
    this.kept = new KeptAnswers(settings.keep(), context.clock());
    this.actor =
        host.systemActorOf(
            RequestsActor.create(context, answers, kept, tap, settings.max()),
            "requests",
            Props.empty());
  }

  @Override
  public CompletionStage<HttpResponse> open(ChatCall call, ConnectionWatch watch, Runnable over) {
    var response = new CompletableFuture<HttpResponse>();
    actor.tell(new RequestsActor.Open(call, facts(call), watch, response, over));
    return response;
  }

  /** What the router may know of a call. */
  public RequestFacts facts(ChatCall call) {
    return new RequestFacts(
        call.api(),
        call.model(),
        call.stream(),
        AgentHints.applied(estimator.estimate(call.text()), call.wishes()),
        call.promptTokens(),
        call.body().length,
        call.maxTokens(),
        call.needs(),
        call.wishes(),
        call.prefix(),
        call.prefixTokens(),
        call.open());
  }

  /** The actor that links this host's requests to one membership. */
  public Behavior<EdgeProtocol.Command> edge(ActorRef<RouterProtocol.Command> router) {
    return EdgeActor.create(
        router, context.registry(), context.outbox(), settings.beats(), context.clock());
  }

  /** Takes no more requests; completes when none is left. */
  public CompletionStage<Void> drain() {
    var done = new CompletableFuture<Void>();
    actor.tell(new RequestsActor.Drain(done));
    return done;
  }

  /** Tells whoever is left that this edge is gone; before its membership is. */
  public void end() {
    actor.tell(RequestsActor.End.INSTANCE);
  }

  /** Answers kept for clients that come back. */
  public KeptAnswers kept() {
    return kept;
  }

  /** How many answers are kept. */
  public int keptAnswers() {
    return kept.size();
  }

  /** Bytes of all answers that are kept. */
  public long keptBytes() {
    return kept.bytes();
  }

  /** Requests under way. */
  public int running() {
    return context.registry().size();
  }

  /** Reports no router has noted yet. */
  public int unreported() {
    return context.outbox().size();
  }

  /** Reports given up because no router came for too long. */
  public long reportsDropped() {
    return context.outbox().dropped();
  }

  /** Tells an edge actor that a router with this term reigns. */
  public static EdgeProtocol.Command termSeen(long term) {
    return new EdgeActor.TermSeen(term);
  }
}
