package org.brokecluster.coordinator.routing.decision;

import java.util.List;
import org.brokecluster.coordinator.routing.ask.Question;
import org.brokecluster.coordinator.routing.filter.Verdict;
import org.brokecluster.protocol.router.Refusal;
import org.jspecify.annotations.Nullable;

/** What the core decided for one request, with everything it looked at. */
public sealed interface Decision {
  /** What was asked. */
  Question question();

  /** Every model on every node, in order of node and model; rejected ones with their reason. */
  List<Candidate> candidates();

  /** The place that was chosen or is waited for; null if there is none. */
  @Nullable Candidate best();

  /**
   * A free place.
   *
   * @param runnerUp the second best, or null if there is none
   * @param because what had the last word
   */
  record Chosen(
      Question question,
      List<Candidate> candidates,
      Candidate winner,
      @Nullable Candidate runnerUp,
      Because because)
      implements Decision {
    @Override
    public Candidate best() {
      return winner;
    }
  }

  /** The best place is busy, and worth waiting for. */
  record Waiting(
      Question question, List<Candidate> candidates, Candidate winner, @Nullable Candidate runnerUp)
      implements Decision {
    @Override
    public Candidate best() {
      return winner;
    }

    /** Predicted time to the first token, in milliseconds. */
    public long etaMs() {
      return Math.round(winner.firstTokenMs());
    }
  }

  /**
   * No place at all.
   *
   * @param message what is missing and what exists
   * @param mayPass whether a moment's patience may help
   */
  record None(
      Question question,
      List<Candidate> candidates,
      Refusal reason,
      String message,
      boolean mayPass)
      implements Decision {
    @Override
    public @Nullable Candidate best() {
      return null;
    }

    /** Whether somebody could answer but for failing again and again. */
    boolean breakersOpen() {
      return candidates.stream().anyMatch(each -> each.verdict() == Verdict.BREAKER_OPEN);
    }
  }
}
