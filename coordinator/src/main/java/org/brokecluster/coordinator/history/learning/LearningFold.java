package org.brokecluster.coordinator.history.learning;

import java.util.LinkedHashMap;
import java.util.Map;
import org.brokecluster.coordinator.history.event.EventVisitor;
import org.brokecluster.coordinator.history.event.Reckoning;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.event.RoutingEvent.Arranged;
import org.brokecluster.coordinator.history.event.RoutingEvent.Cancelled;
import org.brokecluster.coordinator.history.event.RoutingEvent.Completed;
import org.brokecluster.coordinator.history.event.RoutingEvent.Decided;
import org.brokecluster.coordinator.history.event.RoutingEvent.Failed;
import org.brokecluster.coordinator.history.event.RoutingEvent.HandedOver;
import org.brokecluster.coordinator.history.event.RoutingEvent.NodeChanged;
import org.brokecluster.coordinator.history.event.RoutingEvent.Queued;
import org.brokecluster.coordinator.history.event.RoutingEvent.Rated;
import org.brokecluster.coordinator.history.event.RoutingEvent.Received;
import org.brokecluster.coordinator.history.event.RoutingEvent.Refused;
import org.brokecluster.coordinator.history.event.RoutingEvent.Started;
import org.brokecluster.coordinator.history.event.RoutingEvent.StrategyChanged;
import org.brokecluster.coordinator.history.event.RoutingEvent.TermStarted;
import org.brokecluster.coordinator.history.learning.LearnedKey.Asker;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.TrafficClass;
import org.jspecify.annotations.Nullable;

/**
 * What each kind of event teaches a {@link Learning}. Total: events may come in any order, twice,
 * or for requests never seen.
 */
final class LearningFold implements EventVisitor<Learning> {
  /** Within this time the same prompt of the same person means that the answer was no good. */
  private static final long AGAIN_MS = 120_000;

  private static final double TROUBLE_FAILED = 1;
  private static final double TROUBLE_CUT = 0.7;
  private static final double TROUBLE_AGAIN = 0.6;
  private static final double TROUBLE_STOPPED = 0.5;
  private static final double UNTOLD = -1;

  private final Learning learning;
  private final Map<RequestId, Known> requests;
  private final Map<Prompt, RequestId> prompts;

  /** A prompt as its person would send it again. */
  private record Prompt(String user, long fingerprint, int tokens) {}

  /**
   * What somebody was told who had to wait.
   *
   * @param fromMs when, in milliseconds since 1970
   * @param predictedMs predicted time to the first token from then on
   * @param toldMs the same as it was told
   */
  private record Wait(long fromMs, long predictedMs, long toldMs) {}

  /** A request, with its facts only as long as it has no end. */
  private static final class Known {
    final Asker asker;
    final int expectedTokens;
    final boolean limited;
    final long receivedMs;
    @Nullable RequestFacts facts;
    int attempt;
    @Nullable Placement placement;
    @Nullable Reckoning reckoning;
    long endedMs;
    @Nullable Wait wait;
    boolean answered;
    boolean again;
    boolean personRated;
    QualityLearning.@Nullable Counted rating;

    Known(RequestFacts facts, long receivedMs) {
      this.facts = facts;
      this.receivedMs = receivedMs;
      this.asker = Asker.of(facts);
      this.expectedTokens = facts.expectedTokens();
      this.limited = facts.maxTokens() != null;
    }
  }

  LearningFold(Learning learning, int max) {
    this.learning = learning;
    this.requests = bounded(max);
    this.prompts = bounded(max);
  }

  private static <K, V> Map<K, V> bounded(int max) {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > max;
      }
    };
  }

  @Override
  public Learning termStarted(TermStarted event) {
    learning.clear();
    requests.clear();
    prompts.clear();
    return learning;
  }

  @Override
  public Learning received(Received event) {
    var facts = event.facts();
    var request = new Known(facts, event.at().toEpochMilli());
    requests.putIfAbsent(event.request(), request);
    if (!facts.prefix().isEmpty()) {
      long last = facts.prefix().get(facts.prefix().size() - 1);
      var prompt = new Prompt(request.asker.user(), last, facts.promptTokens());
      var before = prompts.remove(prompt);
      prompts.put(prompt, event.request());
      if (before != null && facts.wishes().trafficClass() == TrafficClass.INTERACTIVE) {
        again(requests.get(before), event.at().toEpochMilli());
      }
    }
    return learning;
  }

  /** The answer was there, and its person asks the same once more. */
  private void again(@Nullable Known before, long atMs) {
    if (before != null
        && before.answered
        && !before.again
        && before.placement != null
        && atMs - before.endedMs <= AGAIN_MS) {
      before.again = true;
      learning.quality.ended(atMs, before.asker, before.placement.model(), TROUBLE_AGAIN);
    }
  }

  @Override
  public Learning decided(Decided event) {
    var request = requests.get(event.attempt().request());
    if (request != null) {
      request.attempt = event.attempt().number();
      request.placement = event.placement();
      request.reckoning = event.reckoning();
    }
    return learning;
  }

  @Override
  public Learning completed(Completed event) {
    var report = event.report();
    var request = decided(report);
    if (request != null) {
      times(request, report, true);
      boolean cut = "length".equals(report.finishReason()) && !request.limited;
      ended(request, event, report, cut ? TROUBLE_CUT : 0);
      request.answered = true;
      var facts = request.facts;
      if (facts != null && request.placement != null) {
        var model = request.placement.model();
        learning.conversations.answered(facts, model, event.at().toEpochMilli());
      }
      request.facts = null;
    }
    return learning;
  }

  @Override
  public Learning failed(Failed event) {
    var report = event.report();
    var request = decided(report);
    if (request != null) {
      boolean blamed = report.failure() != null && report.failure().blamesNode();
      ended(request, event, report, blamed ? TROUBLE_FAILED : UNTOLD);
      request.facts = report.last() ? null : request.facts;
    }
    return learning;
  }

  @Override
  public Learning cancelled(Cancelled event) {
    var report = event.report();
    var request = decided(report);
    if (request != null) {
      times(request, report, false);
      boolean began = report.firstTokenMs() != null;
      boolean early = report.usage().completionTokens() * 2 < request.expectedTokens;
      ended(request, event, report, !began ? UNTOLD : early ? TROUBLE_STOPPED : 0);
      request.facts = null;
    }
    return learning;
  }

  /** The request whose latest attempt this is a report of; null if that is not known. */
  private @Nullable Known decided(AttemptReport report) {
    var request = requests.get(report.attempt().request());
    return request == null
            || request.placement == null
            || request.attempt != report.attempt().number()
        ? null
        : request;
  }

  private void ended(Known request, RoutingEvent event, AttemptReport report, double trouble) {
    request.endedMs = event.at().toEpochMilli();
    if (trouble != UNTOLD && request.placement != null) {
      var model = report.model() == null ? request.placement.model() : report.model();
      learning.quality.ended(request.endedMs, request.asker, model, trouble);
    }
  }

  /** What a first attempt tells of the promises; the times of later ones began with another. */
  private void times(Known request, AttemptReport report, boolean whole) {
    var placement = request.placement;
    var reckoning = request.reckoning;
    if (placement == null || reckoning == null || request.attempt != 1) {
      return;
    }
    if (report.firstTokenMs() != null) {
      double first = (double) report.firstTokenMs() - placement.queuedMs();
      learning.promises().firstTokenCame(placement, reckoning, Math.max(0, first));
      var wait = request.wait;
      if (wait != null) {
        long real = Math.max(0, report.firstTokenMs() - (wait.fromMs() - request.receivedMs));
        learning.promises().waited(wait.predictedMs(), wait.toldMs(), real);
      }
    }
    if (whole) {
      double finish = (double) report.totalMs() - placement.queuedMs();
      learning
          .promises()
          .finished(placement, reckoning, request.asker.topic(), Math.max(0, finish));
    }
  }

  /**
   * Ratings of answers that are not remembered any more teach nothing, nor does what somebody saw
   * come of an answer that a person has rated.
   */
  @Override
  public Learning rated(Rated event) {
    var request = requests.get(event.request());
    if (request != null
        && request.placement != null
        && request.reckoning != null
        && (event.opinion() || !request.personRated)) {
      request.personRated = event.opinion();
      request.rating =
          learning.quality.rated(
              event.at().toEpochMilli(),
              request.asker,
              request.placement.model(),
              request.reckoning.quality(),
              event.score(),
              request.rating);
    }
    return learning;
  }

  @Override
  public Learning learned(RoutingEvent.Learned event) {
    learning.quality.adopt(event.at().toEpochMilli(), event.figures());
    return learning;
  }

  @Override
  public Learning queued(Queued event) {
    var request = requests.get(event.attempt().request());
    var eta = event.etaMs();
    if (request != null && request.wait == null && eta != null && event.attempt().number() == 1) {
      request.wait = new Wait(event.at().toEpochMilli(), eta, learning.waitMs(eta));
    }
    return learning;
  }

  @Override
  public Learning refused(Refused event) {
    requests.remove(event.attempt().request());
    return learning;
  }

  @Override
  public Learning started(Started event) {
    return learning;
  }

  @Override
  public Learning handedOver(HandedOver event) {
    return learning;
  }

  @Override
  public Learning nodeChanged(NodeChanged event) {
    return learning;
  }

  @Override
  public Learning arranged(Arranged event) {
    return learning;
  }

  @Override
  public Learning strategyChanged(StrategyChanged event) {
    return learning;
  }
}
