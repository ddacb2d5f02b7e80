package org.brokecluster.simulation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.brokecluster.coordinator.request.BeatSettings;
import org.brokecluster.coordinator.request.EdgeDesk;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.edge.EdgeProtocol.AboutAttempt;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.router.AttemptReport;

/** An edge during one membership: the product's {@link EdgeDesk} with a mailbox. */
final class PlayedEdge implements EdgeDesk.Port {
  private final World world;
  private final Host host;
  private final Mailbox self;
  private final BeatSettings beats;
  private final EdgeDesk desk;
  private final Map<NodeId, PlayedNode> nodes = new TreeMap<>();

  PlayedEdge(World world, Host host, Membership in) {
    this.world = world;
    this.host = host;
    this.self = world.network().mailbox("edge", in);
    this.beats = world.settings().beats();
    this.desk = new EdgeDesk(host.outbox(), beats, this);
    in.atEnd(this::stop);
    tickLater();
  }

  Mailbox self() {
    return self;
  }

  EdgeDesk desk() {
    return desk;
  }

  /** A node offers itself. */
  void ready(Offer offer) {
    var request = host.request(offer.attempt().request());
    var node = offer.placement().node();
    if (request == null || !desk.opened(world.time().nowMs(), offer.attempt(), node)) {
      sendCancel(offer.node(), offer.attempt());
      return;
    }
    nodes.put(node, offer.node());
    later(request, offer, () -> request.ready(offer));
  }

  /** Anything else of a node or router. */
  void hear(EdgeProtocol.Command message) {
    long now = world.time().nowMs();
    if (message instanceof EdgeProtocol.Noted noted) {
      desk.noted(noted.attempt());
    } else if (message instanceof EdgeProtocol.NodeBeat beat) {
      desk.nodeBeat(now, beat.node(), beat.attempts());
    } else if (message instanceof AboutAttempt about) {
      desk.heard(now, about.attempt());
      var request = host.request(about.attempt().request());
      if (request != null) {
        later(request, message, () -> request.hear(message));
      } else {
        desk.closed(about.attempt());
      }
    }
  }

  /** From a request: nothing more is expected from the attempt's node. */
  void closed(PlayedRequest from, AttemptId attempt) {
    world.network().send(from.self(self.in()), self, "Closed", () -> desk.closed(attempt));
  }

  /** From a request: the router should know how an attempt ended. */
  void report(PlayedRequest from, AttemptReport report) {
    world
        .network()
        .send(
            from.self(self.in()),
            self,
            "SendReport",
            () -> desk.report(world.time().nowMs(), report));
  }

  /** The gossip tells of a router's term. */
  void termSeen(long term) {
    desk.termSeen(term);
  }

  private void later(PlayedRequest request, Object what, Runnable step) {
    world.network().send(self, request.self(self.in()), what, step);
  }

  private void sendCancel(PlayedNode node, AttemptId attempt) {
    world.network().send(self, node.self(), Told.of("Cancel", attempt), () -> node.cancel(attempt));
  }

  private void tickLater() {
    self.machine()
        .after(
            beats.interval().toMillis(),
            self,
            () -> {
              if (self.open()) {
                desk.tick(world.time().nowMs());
                nodes.keySet().retainAll(desk.nodes());
                tickLater();
              }
            });
  }

  private void stop() {
    self.close();
    host.unlinked(this);
  }

  @Override
  public void beat(NodeId node, List<AttemptId> attempts) {
    var known = nodes.get(node);
    if (known != null) {
      world
          .network()
          .send(
              self,
              known.self(),
              Told.of("EdgeBeat", attempts),
              () -> known.edgeBeat(self, attempts));
    }
  }

  @Override
  public void report(AttemptReport report) {
    if (world.off(Mechanism.REPORT_REPEAT) && !world.watch().firstReport(report.attempt())) {
      return;
    }
    world
        .cluster()
        .toRouter(
            host.machine(), self, Told.of("Report", report), router -> router.report(report, this));
  }

  @Override
  public void lost(AttemptId attempt, String why) {
    var request = host.request(attempt.request());
    if (request != null) {
      later(request, Told.of("Lost", attempt), () -> request.lost(attempt, why));
    } else {
      desk.closed(attempt);
    }
  }

  @Override
  public void newTerm() {
    host.requests().forEach(request -> later(request, "NewTerm", request::newTerm));
  }
}
