package org.brokecluster.coordinator.request;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.http.javadsl.model.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.coordinator.http.openai.ChatCallReader;
import org.brokecluster.coordinator.routing.profile.PhraseEstimator;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.edge.EdgeProtocol.AttemptEnded;
import org.brokecluster.protocol.edge.EdgeProtocol.Ready;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.RouterProtocol;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class RequestActorTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final RequestId ID = RequestId.of("request-1");
  private static final AttemptId ATTEMPT = new AttemptId(ID, 1);

  private final TestProbe<RouterProtocol.Command> router = KIT.createTestProbe();
  private final TestProbe<EdgeProtocol.Command> edge = KIT.createTestProbe();
  private final TestProbe<NodeProtocol.Command> node = KIT.createTestProbe();
  private final TestProbe<AttemptProtocol.Command> attempt = KIT.createTestProbe();
  private final RequestRegistry registry = new RequestRegistry();
  private final CompletableFuture<HttpResponse> response = new CompletableFuture<>();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** On one machine the node's Ready is back before the parent's spawn has returned. */
  @Test
  void canBeFoundBeforeItsFirstMessageIsOut() {
    start("Hi");

    router.expectMessageClass(RouterProtocol.Submit.class);

    assertThat(registry.find(ID)).isNotNull();
  }

  @Test
  void sendsALongPromptNoFurtherAheadThanTheNodeAllows() {
    var request = start("x".repeat(5 * AttemptProtocol.PIECE_MAX));
    router.expectMessageClass(RouterProtocol.Submit.class);

    request.tell(fromCluster(ready(2)));
    attempt.expectMessageClass(AttemptProtocol.PromptPiece.class);
    attempt.expectMessageClass(AttemptProtocol.PromptPiece.class);
    attempt.expectNoMessage(Duration.ofMillis(50));
    request.tell(fromCluster(new EdgeProtocol.PromptCredit(ATTEMPT, 100)));
    var pieces = attempt.receiveSeveralMessages(4);

    assertThat(((AttemptProtocol.PromptPiece) pieces.get(3)).last()).isTrue();
    assertThat(((AttemptProtocol.PromptPiece) pieces.get(3)).sequence()).isEqualTo(6);
  }

  @Test
  void answersAcknowledgesAndReports() throws Exception {
    var request = start("Hi");
    request.tell(fromCluster(ready(1)));
    request.tell(fromCluster(new TokenBatch(ATTEMPT, 1, List.of(TokenChunk.content("Hello")))));
    request.tell(
        fromCluster(
            new AttemptEnded(ATTEMPT, 1, FinishReason.STOP, new Usage(1, 1, 0), 0, 0, 0, 0)));

    var answer = response.get(60, java.util.concurrent.TimeUnit.SECONDS);
    assertThat(answer.status().intValue()).isEqualTo(200);
    attempt.expectMessageClass(AttemptProtocol.PromptPiece.class);
    attempt.expectMessage(new AttemptProtocol.Ack(ATTEMPT, 1));
    edge.fishForMessage(
        Duration.ofSeconds(60),
        message ->
            message instanceof EdgeActor.SendReport
                ? akka.actor.testkit.typed.javadsl.FishingOutcomes.complete()
                : akka.actor.testkit.typed.javadsl.FishingOutcomes.continueAndIgnore());
    KIT.createTestProbe().expectTerminated(request);
    assertThat(registry.find(ID)).isNull();
  }

  @Test
  void cancelsAReadyThatComesTooLate() {
    var request = start("Hi");
    request.tell(fromCluster(ready(1)));
    request.tell(fromCluster(ready(1)));
    var late = ATTEMPT.next();

    request.tell(
        fromCluster(new Ready(late, 1, placement(), 1, Set.of(), node.getRef(), attempt.getRef())));

    node.expectMessage(new NodeProtocol.Cancel(late));
  }

  private ActorRef<RequestActor.Command> start(String prompt) {
    registry.linked(new EdgeLink(router.getRef(), edge.getRef()));
    var call = call(prompt);
    var facts =
        new RequestFacts(
            call.api(),
            call.model(),
            false,
            new PhraseEstimator().estimate(call.text()),
            call.promptTokens(),
            call.body().length,
            null,
            call.needs(),
            call.wishes(),
            call.prefix());
    var limits =
        new LifeLimits(
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            3,
            Duration.ofSeconds(4));
    var context =
        new RequestContext(
            registry,
            new ReportOutbox(10),
            limits,
            new RescueSettings(1_000, true),
            node -> false,
            Duration.ofMinutes(1),
            () -> 0L);
    var answers =
        new AnswerSettings(
            1 << 20,
            1 << 16,
            1 << 20,
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            () -> 0L,
            () -> 0L,
            name -> false);
    return KIT.spawn(
        RequestActor.create(context, call, facts, new WholeAnswer(call, answers, response, null)));
  }

  private static ChatCall call(String prompt) {
    var body =
        "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(prompt)
            .getBytes(StandardCharsets.UTF_8);
    return new ChatCallReader(true).read(Api.CHAT, ID, body, Map.of());
  }

  private static RequestActor.FromCluster fromCluster(EdgeProtocol.Command message) {
    return new RequestActor.FromCluster(message);
  }

  private Ready ready(int credit) {
    return new Ready(ATTEMPT, 1, placement(), credit, Set.of(), node.getRef(), attempt.getRef());
  }

  private static Placement placement() {
    return new Placement(
        ModelId.of("m"), NodeId.of("n"), Tier.BASIC, "balanced", 0.2, "prior", 10, 100, 0);
  }
}
