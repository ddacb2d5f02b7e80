package org.brokecluster.coordinator.http;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.http.api.ActionResult;
import org.brokecluster.coordinator.http.api.ClusterStatus;
import org.brokecluster.coordinator.http.api.NodeEntry;
import org.brokecluster.coordinator.http.api.QueueEntry;
import org.brokecluster.coordinator.http.api.Readiness;
import org.brokecluster.coordinator.http.api.StrategyState;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Baseline;
import org.brokecluster.protocol.model.MachineKind;
import org.brokecluster.protocol.node.DrillKind;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.state.LearningStatus;
import org.jspecify.annotations.Nullable;

/**
 * What the reading and operating endpoints ask. The first five answer at once from what this edge
 * knows; the others ask the router, the history or a node and must come to an end by themselves. A
 * failure with a {@code TimeoutException} becomes a 503, one with an {@code ApiException} that
 * error.
 */
public interface ClusterDesk {
  /** Whether a model can answer right now. */
  Readiness readiness();

  /** Every known member, sorted by name. */
  List<NodeEntry> nodes();

  /** The cluster at a glance. */
  ClusterStatus status();

  /** The queue at the router, as last heard; null while no router says. */
  @Nullable QueueEntry queue();

  /** What the router has learned, as last heard; null while no router says. */
  @Nullable LearningStatus learning();

  /** The strategy in force, as last heard. */
  StrategyState strategy();

  /** Changes the strategy; a failure with an {@code ApiException} if there is no such. */
  CompletionStage<StrategyState> setStrategy(String strategy);

  /** The decision for a call, as JSON, without placing it; empty if there is no router. */
  CompletionStage<Optional<String>> dryRun(ChatCall call);

  /** The plan of loading and unloading models, as JSON; empty if there is no router. */
  CompletionStage<Optional<String>> plan();

  /** Everything recorded about a request, as JSON; empty if nothing is. */
  CompletionStage<Optional<String>> request(RequestId request);

  /** The decision for a request with all its candidates, as JSON; empty if nobody remembers. */
  CompletionStage<Optional<String>> explain(RequestId request);

  /** Questions to the routing history. */
  HistoryDesk history();

  /** Kept texts. */
  CollectDesk collect();

  /** Plays a fault on a node that is willing; empty if there is no such node. */
  CompletionStage<Optional<ActionResult>> drill(NodeId node, DrillKind kind, int seconds);

  /** Starts or ends a drain; empty if there is no such node. */
  CompletionStage<Optional<ActionResult>> drain(NodeId node, boolean on);

  /**
   * Changes a model's residency on a node; empty if there is no such node. A load that takes longer
   * than an answer may is told as begun.
   */
  CompletionStage<Optional<ActionResult>> model(
      NodeId node, ModelId model, NodeProtocol.ModelAction action);

  /** Begins, looks at or stops the fetching of a model; empty if there is no such node. */
  CompletionStage<Optional<NodeProtocol.PullStatus>> pull(
      NodeId node, String model, List<String> include, NodeProtocol.PullAction action);

  /** Everything a node has measured of its models' speeds; empty if there is no such node. */
  CompletionStage<Optional<NodeProtocol.Speeds>> speeds(NodeId node);

  /** Has a node believe figures of another machine; empty if there is no such node. */
  CompletionStage<Optional<ActionResult>> adoptSpeeds(
      NodeId node, MachineKind measuredOn, List<Baseline> speeds, boolean force);
}
