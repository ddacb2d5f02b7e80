package org.brokecluster.coordinator.history.journal;

import static org.brokecluster.coordinator.history.journal.BriefEvents.present;

import java.io.IOException;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.jspecify.annotations.Nullable;

/** Reads how an attempt ended: everything but what was said of a failure. Not thread safe. */
final class BriefReports {
  private final KnownNames<AttemptOutcome> outcomes = new KnownNames<>(8, AttemptOutcome::valueOf);
  private final KnownNames<AttemptFailure.Kind> kinds =
      new KnownNames<>(32, AttemptFailure.Kind::valueOf);
  private final KnownNames<ResumeWay> ways = new KnownNames<>(8, ResumeWay::valueOf);
  private final BriefEvents events;

  BriefReports(BriefEvents events) {
    this.events = events;
  }

  AttemptReport read(JsonCursor in) throws IOException {
    var report = new Fields();
    in.open('{');
    for (var name = in.field(); !name.isEmpty(); name = in.field()) {
      if (!in.passedNull()) {
        read(in, name, report);
      }
    }
    return report.whole();
  }

  private void read(JsonCursor in, String name, Fields report) throws IOException {
    switch (name) {
      case "attempt" -> report.attempt = events.attempt(in);
      case "outcome" -> report.outcome = in.text(outcomes);
      case "last" -> report.last = in.truth();
      case "model" -> report.model = events.model(in);
      case "node" -> report.node = events.node(in);
      case "finishReason" -> report.finishReason = events.word(in);
      case "usage" -> report.usage = usage(in);
      case "firstTokenMs" -> report.firstTokenMs = in.integer();
      case "totalMs" -> report.totalMs = in.integer();
      case "decodeMs" -> report.decodeMs = in.integer();
      case "failure" -> report.failure = in.text(kinds);
      case "resumed" -> report.resumed = in.text(ways);
      case "retryAfterMs" -> report.retryAfterMs = in.integer();
      default -> in.skip();
    }
  }

  private static Usage usage(JsonCursor in) throws IOException {
    int prompt = 0;
    int completion = 0;
    int cached = 0;
    boolean estimated = false;
    in.open('{');
    for (var name = in.field(); !name.isEmpty(); name = in.field()) {
      switch (name) {
        case "promptTokens" -> prompt = in.small();
        case "completionTokens" -> completion = in.small();
        case "cachedTokens" -> cached = in.small();
        case "estimated" -> estimated = in.truth();
        default -> in.skip();
      }
    }
    return new Usage(prompt, completion, cached, estimated);
  }

  /** What was read so far of one report. */
  private static final class Fields {
    @Nullable AttemptId attempt;
    @Nullable AttemptOutcome outcome;
    boolean last;
    @Nullable ModelId model;
    @Nullable NodeId node;
    @Nullable String finishReason;
    @Nullable Usage usage;
    @Nullable Long firstTokenMs;
    long totalMs;
    @Nullable Long decodeMs;
    AttemptFailure.@Nullable Kind failure;
    @Nullable ResumeWay resumed;
    @Nullable Long retryAfterMs;

    AttemptReport whole() throws IOException {
      return new AttemptReport(
          present(attempt, "attempt"),
          present(outcome, "outcome"),
          last,
          model,
          node,
          finishReason,
          null,
          present(usage, "usage"),
          firstTokenMs,
          totalMs,
          decodeMs,
          failure,
          resumed,
          retryAfterMs);
    }
  }
}
