package org.brokecluster.shared.serialization;

import akka.actor.typed.ActorRef;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.edge.KeptProtocol;
import org.brokecluster.protocol.history.ContentFilter;
import org.brokecluster.protocol.history.ContentProtocol;
import org.brokecluster.protocol.history.HistoryFilter;
import org.brokecluster.protocol.history.HistoryProtocol;
import org.brokecluster.protocol.history.WhatIf;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.Baseline;
import org.brokecluster.protocol.model.MachineKind;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.brokecluster.protocol.node.DrillKind;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Parameters;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.router.Promise;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.RouterProtocol;
import org.brokecluster.protocol.router.TermProtocol;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Tried;
import org.brokecluster.protocol.router.Wishes;
import org.brokecluster.protocol.state.NodeFacts;

/** At least one value of every message that crosses a process boundary. */
final class MessageSamples {
  static final AttemptId ATTEMPT = new AttemptId(RequestId.of("req_01JD8Q2Z5V7M3K9X4T6B0YWA"), 2);
  static final NodeId NODE = NodeId.of("studio-m2");
  static final ModelId MODEL = ModelId.of("mlx-community/Qwen3-30B-A3B-4bit");

  private final ActorRef<EdgeProtocol.Command> edge;
  private final ActorRef<NodeProtocol.Command> node;
  private final ActorRef<AttemptProtocol.Command> attempt;
  private final ActorRef<RouterProtocol.Command> router;
  private final ActorRef<Object> anyone;

  /** With any live reference; its type does not matter here. */
  MessageSamples(ActorRef<Object> reference) {
    edge = reference.narrow();
    node = reference.narrow();
    attempt = reference.narrow();
    router = reference.narrow();
    anyone = reference;
  }

  /** Facts of a node with so many models. */
  NodeFacts nodeFacts(int models) {
    return StateSamples.nodeFacts(node, models);
  }

  List<Object> all() {
    var samples = new ArrayList<Object>();
    samples.addAll(toEdge());
    samples.addAll(toNode());
    samples.addAll(toRouter());
    samples.addAll(ofHistory());
    samples.addAll(ofKept());
    samples.addAll(ofContent());
    samples.addAll(List.of(nodeFacts(2), StateSamples.nodeLoad(2, 2), StateSamples.routerStatus()));
    return samples;
  }

  private List<Object> ofContent() {
    var packed = "packed".getBytes(StandardCharsets.UTF_8);
    var text = new ContentProtocol.Text("r-1", 1_795_248_000_123L, "api", "ada", packed);
    var at = Instant.ofEpochMilli(1_795_248_000_123L);
    return List.of(
        new ContentProtocol.Keep(List.of(text), anyone.narrow()),
        new ContentProtocol.Kept(1, 2, "off", true),
        new ContentProtocol.Note(ATTEMPT.request(), "wrong", null, anyone.narrow()),
        new ContentProtocol.Noted(null),
        new ContentProtocol.Read(
            new ContentFilter(at, at, "ada", "hand", "tester", "m", "basic", 4),
            50,
            "17",
            true,
            anyone.narrow()),
        new ContentProtocol.Page(List.of(packed), 1, Map.of("email", 2), 1, "17", null),
        new ContentProtocol.Erase("r-1", 17L, anyone.narrow()),
        new ContentProtocol.GetState(anyone.narrow()));
  }

  private List<Object> ofKept() {
    var head = new KeptProtocol.Head(200, "text/event-stream", List.of("x-request-id", "r-1"));
    var bytes = "id: 1\ndata: {}\n\n".getBytes(StandardCharsets.UTF_8);
    return List.of(
        new KeptProtocol.Read(ATTEMPT.request(), 7, "proof", anyone.narrow()),
        new KeptProtocol.Part(head, bytes, 8, false),
        new KeptProtocol.Part(null, new byte[0], 8, true),
        new KeptProtocol.Gone(410, "answer_gone", "gone"));
  }

  private List<Object> toEdge() {
    var failure =
        new AttemptFailure(
            AttemptFailure.Kind.CONTEXT_LENGTH,
            400,
            "context_length_exceeded",
            "the prompt does not fit",
            "messages",
            2000L);
    return List.of(
        new EdgeProtocol.Queued(ATTEMPT, 3, 1, 1200),
        new EdgeProtocol.Placed(ATTEMPT, 3, NODE),
        new EdgeProtocol.Refused(ATTEMPT, 3, Refusal.QUEUE_FULL, "too many wait", 1000L),
        new EdgeProtocol.Refused(ATTEMPT, 3, Refusal.NO_NODE, "no node", null),
        new EdgeProtocol.Noted(ATTEMPT),
        new EdgeProtocol.Ready(ATTEMPT, 3, placement(), 8, Set.of(ResumeWay.REPLAY), node, attempt),
        new EdgeProtocol.PromptCredit(ATTEMPT, 16),
        new EdgeProtocol.Progress(ATTEMPT, EdgeProtocol.Phase.LOADING, 0.5),
        new EdgeProtocol.Progress(ATTEMPT, EdgeProtocol.Phase.PREFILL, null),
        tokens(),
        oneToken(),
        new EdgeProtocol.AttemptEnded(
            ATTEMPT, 7, FinishReason.TOOL_CALLS, new Usage(10, 20, 5), 1, 2, 3, 4),
        new EdgeProtocol.AttemptFailed(ATTEMPT, 7, failure),
        new EdgeProtocol.AttemptFailed(
            ATTEMPT, 0, AttemptFailure.of(AttemptFailure.Kind.STALLED, "stalled", "silent")),
        new EdgeProtocol.HandOver(ATTEMPT, "the node is stopping"),
        new EdgeProtocol.NodeBeat(NODE, List.of(ATTEMPT)));
  }

  private List<Object> toNode() {
    return List.of(
        new NodeProtocol.Ticket(ATTEMPT, 3, 17, Api.CHAT, placement(), 999, 200, edge, router),
        new NodeProtocol.Cancel(ATTEMPT),
        new NodeProtocol.EdgeBeat(edge, List.of(ATTEMPT)),
        new NodeProtocol.Drain(true, anyone.narrow()),
        new NodeProtocol.ModelCommand(MODEL, NodeProtocol.ModelAction.PIN, 0, anyone.narrow()),
        new NodeProtocol.Drill(DrillKind.PARTITION, 10, anyone.narrow()),
        new NodeProtocol.Done(true, NODE, "pinned"),
        new NodeProtocol.ReadSpeeds(anyone.narrow()),
        new NodeProtocol.Pull(
            "mlx-community/x", List.of("*.gguf"), NodeProtocol.PullAction.START, anyone.narrow()),
        new NodeProtocol.PullStatus(
            NODE, "x/y", NodeProtocol.PullPhase.FETCHING, 9, 3, 1L << 34, 1L << 33, 99L, "on it"),
        new NodeProtocol.PullStatus(
            NODE, "x/y", NodeProtocol.PullPhase.UNKNOWN, 0, 0, 0, 0, null, ""),
        new NodeProtocol.Speeds(NODE, new MachineKind("M2 Ultra", 64L << 30, 20.0), baselines()),
        new NodeProtocol.AdoptSpeeds(
            new MachineKind("M1", 16L << 30, null), baselines(), true, anyone.narrow()),
        new AttemptProtocol.PromptPiece(
            ATTEMPT, 1, AttemptProtocol.PromptPart.BODY, new byte[] {0, -1, 65}, true, null),
        new AttemptProtocol.PromptPiece(
            ATTEMPT,
            1,
            AttemptProtocol.PromptPart.EMITTED,
            new byte[] {65},
            false,
            new AttemptProtocol.Resume(ResumeWay.PREFILL, 12)),
        new AttemptProtocol.Ack(ATTEMPT, 1L << 40));
  }

  private static List<Baseline> baselines() {
    return List.of(
        new Baseline(
            MODEL,
            "mlx",
            17_000_000_000L,
            new Baseline.Mean(1234.5, 17),
            new Baseline.Mean(56.7, 16),
            new Baseline.Mean(8.9, 2),
            List.of(new Baseline.Shared(4, new Baseline.Mean(20.5, 3))),
            1_790_000_000L,
            false),
        new Baseline(MODEL, "simulated", null, null, null, null, List.of(), null, true));
  }

  private List<Object> toRouter() {
    return List.of(
        new RouterProtocol.Submit(
            ATTEMPT,
            facts(),
            30_000,
            12,
            List.of(Tried.node(NODE), new Tried(NODE, MODEL, AttemptFailure.Kind.RUNTIME_ERROR, 2)),
            null,
            edge),
        new RouterProtocol.Submit(
            ATTEMPT,
            fullFacts(),
            30_000,
            12,
            List.of(),
            new RouterProtocol.Continues(MODEL, Tier.PREMIUM),
            edge),
        new RouterProtocol.Withdraw(ATTEMPT.request()),
        new RouterProtocol.Report(report(), edge),
        new RouterProtocol.TicketRefused(
            ATTEMPT, 3, 17, NODE, NodeProtocol.TicketRefusal.STALE_TERM, 4),
        new RouterProtocol.AttemptStarted(ATTEMPT, 3, 17, NODE),
        new RouterProtocol.AttemptClosed(ATTEMPT, 3, 17, NODE),
        new RouterProtocol.DryRun(facts(), anyone.narrow()),
        new RouterProtocol.GetDecision(ATTEMPT.request(), anyone.narrow()),
        new RouterProtocol.GetPlan(anyone.narrow()),
        new RouterProtocol.SetStrategy("fastest", anyone.narrow()),
        new RouterProtocol.Rate(ATTEMPT.request(), 4, false, MODEL, Tier.BASIC, anyone.narrow()),
        new RouterProtocol.RatingNoted(ATTEMPT.request()),
        new RouterProtocol.Explained("{}"),
        new RouterProtocol.Explained(null),
        new RouterProtocol.StrategySet(true, "fastest", List.of("fastest", "quality")),
        new TermProtocol.Promise(17, anyone.narrow()),
        new TermProtocol.Promised(NODE, 17, 18, true));
  }

  private List<Object> ofHistory() {
    return List.of(
        new HistoryProtocol.GetRequests(50, "17", HistoryFilter.ALL, anyone.narrow()),
        new HistoryProtocol.GetRequests(50, null, filter(), anyone.narrow()),
        new HistoryProtocol.Summarize(filter(), "model", true, anyone.narrow()),
        new HistoryProtocol.GetPast(Instant.ofEpochMilli(1_795_248_000_123L), anyone.narrow()),
        new HistoryProtocol.Suppose(
            new WhatIf(
                null,
                Instant.ofEpochMilli(1_795_248_000_123L),
                "speed-priority",
                List.of(new WhatIf.Setting("max-wait-for-better", "2s")),
                List.of("mini-m1"),
                List.of("m2-ultra:64")),
            anyone.narrow()),
        new HistoryProtocol.ForgetPerson("ada", anyone.narrow()),
        new HistoryProtocol.GetRequest(ATTEMPT.request(), anyone.narrow()),
        new HistoryProtocol.GetBackup("{\"asOf\":7}", true, anyone.narrow()),
        new HistoryProtocol.Verify(anyone.narrow()),
        new HistoryProtocol.Page(List.of("{}"), null),
        new HistoryProtocol.Document("{}", null));
  }

  private static HistoryFilter filter() {
    var at = Instant.ofEpochMilli(1_795_248_000_123L);
    return new HistoryFilter(
        at, at.plusSeconds(60), "ada", "tester", "m", "n", "failed", "basic", "s", 5_000L, true);
  }

  static EdgeProtocol.TokenBatch oneToken() {
    return new EdgeProtocol.TokenBatch(
        ATTEMPT, 12, List.of(TokenChunk.content("twenty bytes of text")));
  }

  private static EdgeProtocol.TokenBatch tokens() {
    return new EdgeProtocol.TokenBatch(
        ATTEMPT,
        300,
        List.of(
            TokenChunk.content(""),
            TokenChunk.content("Grüße 😀 und\nmehr"),
            TokenChunk.reasoning("hm"),
            new TokenChunk(TokenChunk.Kind.TOOL_CALL, 3, "call_1", "weather", "{\"city\":"),
            new TokenChunk(TokenChunk.Kind.LOGPROBS, 0, null, null, "{}")));
  }

  static Placement placement() {
    return new Placement(
        MODEL,
        NODE,
        Tier.PREMIUM,
        "balanced",
        0.25,
        "prior",
        150,
        4_000,
        12,
        new Promise(90, 300, 2_000, 9_000),
        new Parameters(0.6, 0.95, 900, false));
  }

  private static AttemptReport report() {
    return new AttemptReport(
        ATTEMPT,
        AttemptOutcome.COMPLETED,
        true,
        MODEL,
        NODE,
        "stop",
        null,
        new Usage(1, 2, 0),
        150L,
        900,
        null,
        AttemptFailure.Kind.STALLED,
        ResumeWay.REPLAY);
  }

  private static RequestFacts facts() {
    return new RequestFacts(
        Api.COMPLETION,
        "auto",
        true,
        new Profile(0.1, 0.2, 0.3, Map.of("code", 0.75), 0, 1, 250, "phrases", "def "),
        12,
        999,
        null,
        EnumSet.of(Ability.CHAT, Ability.TOOLS),
        Wishes.NONE,
        List.of(-1L, Long.MAX_VALUE));
  }

  /** Every field at its bound, every text as long as the edge lets it be. */
  static RequestFacts fullFacts() {
    var text = "x".repeat(200);
    var domains = new java.util.TreeMap<String, Double>();
    IntStream.range(0, Profile.DOMAINS_MAX).forEach(i -> domains.put("a-long-domain-" + i, 0.123));
    return new RequestFacts(
        Api.CHAT,
        text,
        true,
        new Profile(
            0.1234, 0.2345, 0.1234, 0.3, domains, 0.4, 0.5, 4096, 1024, 8192, "trained", text),
        1_000_000,
        64L << 20,
        32_768,
        EnumSet.allOf(Ability.class),
        new Wishes(
            text,
            Tier.PREMIUM,
            NodeId.of("n".repeat(63)),
            text,
            text,
            text,
            7,
            0.987,
            text,
            text,
            TrafficClass.INTERACTIVE,
            IntStream.range(0, 8).mapToObj(i -> text).toList()),
        LongStream.range(0, RequestFacts.PREFIX_MAX).mapToObj(i -> Long.MIN_VALUE + i).toList());
  }
}
