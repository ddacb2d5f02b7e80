package org.brokecluster.coordinator.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.brokecluster.protocol.edge.EdgeProtocol.AttemptEnded;
import org.brokecluster.protocol.edge.EdgeProtocol.Refused;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Refusal;

/** Lives of requests for tests: one request, its attempts, two nodes, and what they say. */
final class Lives {
  static final RequestId REQUEST = RequestId.of("r");
  static final AttemptId FIRST = new AttemptId(REQUEST, 1);
  static final AttemptId SECOND = FIRST.next();
  static final AttemptId THIRD = SECOND.next();
  static final NodeId STUDIO = NodeId.of("studio");
  static final NodeId MINI = NodeId.of("mini");
  static final ModelId QWEN = ModelId.of("qwen");
  static final Set<ResumeWay> ALL_WAYS = EnumSet.allOf(ResumeWay.class);
  private static final LifeLimits LIMITS =
      new LifeLimits(
          Duration.ofMillis(500),
          Duration.ofSeconds(30),
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(120),
          4,
          Duration.ofSeconds(4));

  private Lives() {}

  /** Of plain text, with every way to go on that needs no seed. */
  static RescueRules rules(boolean streamed) {
    return new RescueRules(streamed, false, false, false, true, null, 1_000);
  }

  static RequestLife life(RescueRules rules) {
    return new RequestLife(REQUEST, rules, 0, 600_000, LIMITS);
  }

  static RequestLife started(boolean streamed) {
    var life = life(rules(streamed));
    life.start(0);
    return life;
  }

  /** The first attempt has its prompt, on {@link #STUDIO}. */
  static RequestLife running(boolean streamed) {
    return running(rules(streamed));
  }

  static RequestLife running(RescueRules rules) {
    var life = life(rules);
    life.start(0);
    life.ready(1, FIRST, at(STUDIO), ALL_WAYS, false);
    return life;
  }

  /** The client has these. */
  static RequestLife begun(RescueRules rules, TokenChunk... chunks) {
    var life = running(rules);
    life.tokens(5, batch(FIRST, 1, chunks));
    return life;
  }

  static TokenBatch batch(AttemptId attempt, long sequence, TokenChunk... chunks) {
    return new TokenBatch(attempt, sequence, List.of(chunks));
  }

  static AttemptEnded ended(AttemptId attempt, long sequence, Usage usage) {
    return new AttemptEnded(attempt, sequence, FinishReason.STOP, usage, 0, 0, 1, 1);
  }

  static AttemptFailure failure(AttemptFailure.Kind kind) {
    return AttemptFailure.of(kind, "x", "it did not work");
  }

  static Refused nobodyLeft(AttemptId attempt) {
    return new Refused(attempt, 1, Refusal.NO_CANDIDATE_LEFT, "nobody", null);
  }

  static Placement at(NodeId node) {
    return at(node, QWEN);
  }

  static Placement at(NodeId node, ModelId model) {
    return new Placement(model, node, Tier.BALANCED, "balanced", 0.2, "prior", 10, 100, 0);
  }

  static <T extends LifeAction> List<T> all(List<LifeAction> actions, Class<T> kind) {
    return actions.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  static <T extends LifeAction> T only(List<LifeAction> actions, Class<T> kind) {
    var found = all(actions, kind);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  static List<LifeAction.Submit> submits(List<LifeAction> actions) {
    return all(actions, LifeAction.Submit.class);
  }

  static List<LifeAction.Report> reports(List<LifeAction> actions) {
    return all(actions, LifeAction.Report.class);
  }

  static boolean isEnd(LifeAction action) {
    return action instanceof LifeAction.Finish
        || action instanceof LifeAction.Fail
        || action instanceof LifeAction.Refuse;
  }
}
