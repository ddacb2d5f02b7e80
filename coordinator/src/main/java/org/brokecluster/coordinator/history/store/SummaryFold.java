package org.brokecluster.coordinator.history.store;

import java.time.Instant;
import java.util.Locale;
import org.brokecluster.coordinator.history.event.EventVisitor;
import org.brokecluster.coordinator.history.event.RoutingEvent.Arranged;
import org.brokecluster.coordinator.history.event.RoutingEvent.Cancelled;
import org.brokecluster.coordinator.history.event.RoutingEvent.Completed;
import org.brokecluster.coordinator.history.event.RoutingEvent.Decided;
import org.brokecluster.coordinator.history.event.RoutingEvent.Failed;
import org.brokecluster.coordinator.history.event.RoutingEvent.HandedOver;
import org.brokecluster.coordinator.history.event.RoutingEvent.Learned;
import org.brokecluster.coordinator.history.event.RoutingEvent.NodeChanged;
import org.brokecluster.coordinator.history.event.RoutingEvent.Queued;
import org.brokecluster.coordinator.history.event.RoutingEvent.Rated;
import org.brokecluster.coordinator.history.event.RoutingEvent.Received;
import org.brokecluster.coordinator.history.event.RoutingEvent.Refused;
import org.brokecluster.coordinator.history.event.RoutingEvent.Started;
import org.brokecluster.coordinator.history.event.RoutingEvent.StrategyChanged;
import org.brokecluster.coordinator.history.event.RoutingEvent.TermStarted;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Refusal;
import org.jspecify.annotations.Nullable;

/** What each kind of event does to the summary of its request. Pure; total over any order. */
final class SummaryFold implements EventVisitor<RequestSummary> {
  private static final int ERROR_MAX = 1000;

  private final RequestSummary summary;

  SummaryFold(RequestSummary summary) {
    this.summary = summary;
  }

  @Override
  public RequestSummary received(Received event) {
    var facts = event.facts();
    summary.asked = cut(facts.model(), 200);
    summary.api = facts.api().name().toLowerCase(Locale.ROOT);
    summary.streamed = facts.stream();
    var wishes = facts.wishes();
    summary.trafficClass = wishes.trafficClass().label();
    summary.person = cut(wishes.user(), 64);
    summary.role = cut(wishes.role(), 100);
    summary.action = cut(wishes.action(), 100);
    summary.complexity = facts.profile().demand();
    if (summary.state.equals(RequestSummary.OPEN)) {
      summary.promptTokens = facts.promptTokens();
    }
    return summary;
  }

  @Override
  public RequestSummary decided(Decided event) {
    var placement = event.placement();
    summary.state = RequestSummary.OPEN;
    summary.model = placement.model().value();
    summary.node = placement.node().value();
    summary.tier = placement.tier().label();
    summary.strategy = cut(placement.strategy(), 100);
    summary.quality = placement.qualityTemperature();
    summary.qualityBasis = cut(placement.qualityBasis(), 32);
    summary.queuedMs = placement.queuedMs();
    summary.tried(event.attempt().number()).ifPresent(attempt -> placed(attempt, event));
    summary.countAttempts();
    if (event.attempt().number() == 1) {
      // Since the client's call, as the times of the answer are.
      summary.predictedFirstMs = placement.queuedMs() + placement.firstTokenMs();
      summary.predictedTotalMs = placement.queuedMs() + placement.finishMs();
    }
    return summary;
  }

  @Override
  public RequestSummary queued(Queued event) {
    return summary;
  }

  @Override
  public RequestSummary refused(Refused event) {
    boolean broke = summary.hasBroken();
    summary.state = broke ? RequestSummary.FAILED : RequestSummary.REFUSED;
    summary.countAttempts();
    if (!broke || summary.error == null || tellsMoreThanTheBreak(event.reason())) {
      summary.error = cut(event.reason().code() + ": " + event.message(), ERROR_MAX);
    }
    return summary;
  }

  /** Whether a client whose attempt broke before is told this, and not what broke. */
  private static boolean tellsMoreThanTheBreak(Refusal reason) {
    return switch (reason) {
      case QUEUE_FULL, DEADLINE, CONTEXT_TOO_LONG, UNKNOWN_STRATEGY -> true;
      case NO_NODE, MODEL_NOT_FOUND, NODE_NOT_FOUND, NOT_CAPABLE, NO_CANDIDATE_LEFT, RETRY_BUDGET ->
          false;
    };
  }

  @Override
  public RequestSummary started(Started event) {
    return summary;
  }

  @Override
  public RequestSummary completed(Completed event) {
    return ended(event.report(), "completed", event.at());
  }

  @Override
  public RequestSummary failed(Failed event) {
    return ended(event.report(), "failed", event.at());
  }

  @Override
  public RequestSummary cancelled(Cancelled event) {
    return ended(event.report(), "cancelled", event.at());
  }

  @Override
  public RequestSummary handedOver(HandedOver event) {
    return ended(event.report(), "handed-over", event.at());
  }

  @Override
  public RequestSummary rated(Rated event) {
    if (event.opinion()) {
      summary.rating = event.score();
    }
    return summary;
  }

  @Override
  public RequestSummary termStarted(TermStarted event) {
    return summary;
  }

  @Override
  public RequestSummary nodeChanged(NodeChanged event) {
    return summary;
  }

  @Override
  public RequestSummary learned(Learned event) {
    return summary;
  }

  @Override
  public RequestSummary arranged(Arranged event) {
    return summary;
  }

  @Override
  public RequestSummary strategyChanged(StrategyChanged event) {
    return summary;
  }

  private static void placed(AttemptSummary attempt, Decided event) {
    var placement = event.placement();
    attempt.state = RequestSummary.OPEN;
    attempt.model = placement.model().value();
    attempt.node = placement.node().value();
    attempt.tier = placement.tier().label();
    attempt.strategy = cut(placement.strategy(), 100);
    attempt.quality = placement.qualityTemperature();
    attempt.qualityBasis = cut(placement.qualityBasis(), 32);
    attempt.begunAt = event.at().toEpochMilli();
  }

  /** The answer is as good as what this attempt promised, whoever was to take over from it. */
  private void delivered(AttemptSummary by) {
    summary.model = by.model;
    summary.node = by.node;
    if (by.quality != null) {
      summary.tier = by.tier;
      summary.strategy = by.strategy;
      summary.quality = by.quality;
      summary.qualityBasis = by.qualityBasis;
    }
  }

  private void ended(AttemptSummary attempt, AttemptReport report, String state, Instant at) {
    attempt.state = state;
    if (report.model() != null) {
      attempt.model = report.model().value();
    }
    if (report.node() != null) {
      attempt.node = report.node().value();
    }
    attempt.failure =
        report.failure() == null ? null : cut(report.failure().name().toLowerCase(Locale.ROOT), 32);
    attempt.tookMs =
        attempt.begunAt == null ? null : Math.max(0, at.toEpochMilli() - attempt.begunAt);
    attempt.firstTokenMs = report.firstTokenMs();
    attempt.decodeMs = report.decodeMs();
    attempt.promptTokens = report.usage().promptTokens();
    attempt.completionTokens = Math.max(0, report.usage().completionTokens() - before(report));
  }

  /** Tokens that earlier attempts gave to the answer that this one went on with. */
  private long before(AttemptReport report) {
    return report.resumed() == null || report.resumed() == ResumeWay.REPLAY
        ? 0
        : summary.tried.headMap(report.attempt().number()).values().stream()
            .mapToLong(earlier -> earlier.completionTokens)
            .sum();
  }

  private RequestSummary ended(AttemptReport report, String state, Instant at) {
    if (report.node() != null) {
      summary
          .tried(report.attempt().number())
          .ifPresent(attempt -> ended(attempt, report, state, at));
    }
    if (!report.last() && summary.isOver()) {
      summary.countAttempts(); // it was late on its way: the last word has been said
      return summary;
    }
    summary.error = cut(report.error(), ERROR_MAX);
    if (report.model() != null) {
      summary.model = report.model().value();
    }
    if (report.node() != null) {
      summary.node = report.node().value();
    }
    if (report.failure() != null) {
      summary.failure = cut(report.failure().name().toLowerCase(Locale.ROOT), 32);
    }
    if (!report.last()) {
      summary.countAttempts();
      return summary;
    }
    summary.state = state;
    summary.countAttempts();
    if (summary.attempts == 0 && state.equals(RequestSummary.FAILED)) {
      summary.state = RequestSummary.REFUSED; // no node ever had it
    }
    summary.rescued = summary.attempts > 1 && state.equals("completed");
    summary.gaveAnswer(report.attempt().number()).ifPresent(this::delivered);
    summary.finishReason = cut(report.finishReason(), 32);
    if (report.usage().promptTokens() > 0) { // else nobody has counted them but us
      summary.promptTokens = report.usage().promptTokens();
    }
    summary.completionTokens = report.usage().completionTokens();
    summary.cachedTokens = report.usage().cachedTokens();
    summary.firstTokenMs = report.firstTokenMs();
    summary.totalMs = report.totalMs();
    summary.decodeMs = report.decodeMs();
    return summary;
  }

  private static @Nullable String cut(@Nullable String text, int max) {
    if (text == null) {
      return null;
    }
    var clean = text.replace('\0', ' '); // PostgreSQL stores no zero character
    return clean.length() <= max ? clean : clean.substring(0, max);
  }
}
