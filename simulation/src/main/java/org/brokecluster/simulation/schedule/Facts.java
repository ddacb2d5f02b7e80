package org.brokecluster.simulation.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.coordinator.routing.state.Echo;
import org.brokecluster.coordinator.routing.state.HostedModel;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.SharedSpeed;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Wishes;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;
import org.brokecluster.shared.hardware.SpeedEstimate;

/** Requests and Macs in the words of the router. */
final class Facts {
  private static final Set<Ability> ABILITIES = Set.of(Ability.CHAT);
  private static final String RUNTIME = "mlx";

  private Facts() {}

  /** A request as an edge would describe it: lengths are guessed. */
  static RequestFacts guessed(Job job) {
    double scale = (double) job.promptGuess() / job.promptTokens();
    var tokens = job.borderTokens().stream().map(each -> (int) Math.round(each * scale)).toList();
    return facts(job, job.promptGuess(), job.answerGuess(), tokens);
  }

  /** A request as nobody could describe it: lengths are known. */
  static RequestFacts known(Job job) {
    return facts(job, job.promptTokens(), job.answerTokens(), job.borderTokens());
  }

  private static RequestFacts facts(Job job, int prompt, int answer, List<Integer> borders) {
    var wishes =
        Wishes.of(
            job.user(), job.agent() ? TrafficClass.AGENT : TrafficClass.INTERACTIVE, List.of());
    return new RequestFacts(
        Api.CHAT,
        job.model(),
        true,
        new Profile(0.3, 0.3, 0.5, Map.of(), 0, 0, answer, "simulated", ""),
        prompt,
        prompt * 4L,
        null,
        ABILITIES,
        wishes,
        job.borders(),
        borders);
  }

  /**
   * A Mac as it would report itself.
   *
   * @param tickets numbers of the tickets it works on
   * @param ticketSeen highest number it has been sent
   */
  static NodeState state(
      Mac mac, long reports, long term, long ticketSeen, List<Long> tickets, double nowMs) {
    var models = new ArrayList<HostedModel>();
    for (var each : mac.models().values()) {
      models.add(new HostedModel(facts(each), load(mac, each, nowMs)));
    }
    return new NodeState(
        NodeId.of(mac.name()),
        1 + mac.returns(),
        Reach.UP,
        null,
        new Echo(reports, term, ticketSeen, tickets),
        mac.freeBytes(),
        0,
        models);
  }

  private static ModelFacts facts(Mac.Hosted model) {
    var spec = model.spec();
    return new ModelFacts(
        ModelId.of(spec.id()),
        spec.tier(),
        RUNTIME,
        true,
        spec.size().parameters(),
        "4bit",
        spec.size().bytes(),
        131_072,
        spec.slots(),
        ABILITIES,
        spec.bytes());
  }

  private static ModelLoad load(Mac mac, Mac.Hosted model, double nowMs) {
    var id = model.spec().id();
    int running = mac.running(id);
    var progress = model.state() == ModelState.LOADING ? model.progress(nowMs) : null;
    return new ModelLoad(
        ModelId.of(id),
        model.state(),
        progress,
        null,
        running,
        mac.count(id) - running,
        false,
        speed(model));
  }

  /** What a node has measured after a while of such work. */
  private static Speed speed(Mac.Hosted model) {
    var alone = model.speed();
    var shared = new ArrayList<SharedSpeed>();
    for (int streams = 2; streams <= model.spec().slots(); streams++) {
      double each = alone.decodeTokensPerSecond() * SpeedEstimate.decodeShare(streams, 1);
      shared.add(new SharedSpeed(streams, (float) each));
    }
    return new Speed(
        alone.prefillTokensPerSecond(),
        alone.decodeTokensPerSecond(),
        alone.loadSeconds(),
        true,
        100,
        0L,
        shared);
  }
}
