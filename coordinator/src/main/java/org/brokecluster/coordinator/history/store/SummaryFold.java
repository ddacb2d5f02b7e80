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
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.router.AttemptReport;
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
    attempt(event.attempt());
    summary.state = RequestSummary.OPEN;
    summary.model = placement.model().value();
    summary.node = placement.node().value();
    summary.tier = placement.tier().label();
    summary.strategy = cut(placement.strategy(), 100);
    summary.quality = placement.qualityTemperature();
    summary.qualityBasis = cut(placement.qualityBasis(), 32);
    summary.queuedMs = placement.queuedMs();
    summary.tried(event.attempt().number()).ifPresent(attempt -> placed(attempt, event));
    if (event.attempt().number() == 1) {
      // Since the client's call, as the times of the answer are.
      summary.predictedFirstMs = placement.queuedMs() + placement.firstTokenMs();
      summary.predictedTotalMs = placement.queuedMs() + placement.finishMs();
    }
    return summary;
  }

  @Override
  public RequestSummary queued(Queued event) {
    attempt(event.attempt());
    return summary;
  }

  @Override
  public RequestSummary refused(Refused event) {
    attempt(event.attempt());
    summary.state = "refused";
    summary.error =
        cut(event.reason().name().toLowerCase(Locale.ROOT) + ": " + event.message(), ERROR_MAX);
    return summary;
  }

  @Override
  public RequestSummary started(Started event) {
    attempt(event.attempt());
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
    attempt.begunAt = event.at().toEpochMilli();
  }

  private static void ended(
      AttemptSummary attempt, AttemptReport report, String state, Instant at) {
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
    attempt.completionTokens = report.usage().completionTokens();
  }

  private RequestSummary ended(AttemptReport report, String state, Instant at) {
    attempt(report.attempt());
    summary
        .tried(report.attempt().number())
        .ifPresent(attempt -> ended(attempt, report, state, at));
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
      return summary;
    }
    summary.rescued = report.attempt().number() > 1 && state.equals("completed");
    summary.state = state;
    summary.finishReason = cut(report.finishReason(), 32);
    summary.promptTokens = report.usage().promptTokens();
    summary.completionTokens = report.usage().completionTokens();
    summary.cachedTokens = report.usage().cachedTokens();
    summary.firstTokenMs = report.firstTokenMs();
    summary.totalMs = report.totalMs();
    summary.decodeMs = report.decodeMs();
    return summary;
  }

  private void attempt(AttemptId attempt) {
    summary.attempts = Math.max(summary.attempts, attempt.number());
  }

  private static @Nullable String cut(@Nullable String text, int max) {
    if (text == null) {
      return null;
    }
    var clean = text.replace('\0', ' '); // PostgreSQL stores no zero character
    return clean.length() <= max ? clean : clean.substring(0, max);
  }
}
