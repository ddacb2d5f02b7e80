package org.brokecluster.coordinator.routing.decision;

import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.routing.ask.Question;
import org.brokecluster.coordinator.routing.filter.Verdict;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.TrafficClass;
import org.jspecify.annotations.Nullable;

/**
 * Picks among scored candidates that are done within the time the client allows, if any is: the
 * best, which may be busy and worth waiting for: if it is the only one of its quality, or is done
 * so much sooner that the free ones take 1.3 times as long, what others lose included. After
 * patience has run out a free one is taken. So is one for a person who watches a stream, where
 * waiting for the best would keep the first token back for more than twice as long and the free one
 * is about as good.
 */
final class Pick {
  private static final double LATER = 2;

  /** How much more risk somebody who watches takes for a first token so much sooner. */
  private static final double ABOUT_AS_GOOD = 0.05;

  private static final double FAR_LATER = 1.3;

  /** How much longer the free place may take for somebody who has waited for long. */
  private static final double FAR_SLOWER = 2;

  private static final long FURTHER = 4;

  /** How long a running conversation waits for its model while another one is free. */
  private static final double STAYS_MS = 10_000;

  private final Question question;
  private final Board board;
  private @Nullable Candidate best;
  private @Nullable Candidate second;

  private Pick(Question question, Board board) {
    this.question = question;
    this.board = board;
  }

  /** Picks; writes the verdicts of those that are not rejected. */
  static Decision of(Question question, Board board, List<Candidate> candidates) {
    var pick = new Pick(question, board);
    pick.look(candidates, impatient(question, board) && pick.settles(candidates));
    var free = pick.free(candidates);
    free = free == null ? pick.sooner(candidates) : free;
    if (free != null) {
      pick.second = pick.best;
      pick.best = free;
    }
    return pick.decision(candidates);
  }

  /**
   * The best free candidate that is no worse in quality, if the best of all is busy and does not
   * promise to be done far sooner: a place left empty is lost to all.
   */
  private @Nullable Candidate free(List<Candidate> candidates) {
    if (best == null || best.free()) {
      return null;
    }
    Candidate free = null;
    for (var candidate : candidates) {
      if (candidate.free()
          && candidate.verdict() != Verdict.TOO_LATE
          && !leaves(best, candidate)
          && candidate.temperature() <= best.temperature()
          && costMs(candidate) < FAR_LATER * costMs(best)
          && (free == null || Decider.compare(candidate, free) < 0)) {
        free = candidate;
      }
    }
    return free;
  }

  /** Whether a conversation would change its model although it need not wait long for it. */
  private boolean leaves(Candidate from, Candidate to) {
    return Decider.bonus(question, from) > 0
        && !to.model().equals(from.model())
        && from.waitMs() <= STAYS_MS;
  }

  private static double costMs(Candidate candidate) {
    return candidate.finishMs() + candidate.harmMs();
  }

  private static boolean impatient(Question question, Board board) {
    var patience = question.patience();
    return !patience.mayWait()
        || patience.waitedMs() >= board.patienceMs()
        || !question.strategy().waitsForBetter();
  }

  /**
   * Whether a free place will do for somebody who has waited for long: any other model does, and
   * the same one where it is not far slower than waiting on, which may hold for a prompt that is in
   * the cache of the busy place. That ends with a further wait, since predictions may be wrong. The
   * same model is waited for longer where nobody watches, mostly for the cache that has the prompt:
   * near saturation everybody waits long, and conversations that leave their caches make everybody
   * wait longer still.
   */
  private boolean settles(List<Candidate> candidates) {
    Candidate free = null;
    Candidate first = null;
    for (var candidate : candidates) {
      if (!candidate.rejected()) {
        first = better(candidate, first);
        free = candidate.free() ? better(candidate, free) : free;
      }
    }
    if (free == null || first == null) {
      return false;
    }
    if (!question.patience().mayWait()
        || !question.strategy().waitsForBetter()
        || !free.model().equals(first.model())) {
      return true;
    }
    long patience = watched() ? board.patienceMs() : board.patienceUnwatchedMs();
    long waited = question.patience().waitedMs();
    return waited >= FURTHER * patience
        || (waited >= patience && free.finishMs() < FAR_SLOWER * first.finishMs());
  }

  private boolean watched() {
    return question.facts().wishes().trafficClass() == TrafficClass.INTERACTIVE;
  }

  private static Candidate better(Candidate candidate, @Nullable Candidate other) {
    return other == null || Decider.compare(candidate, other) < 0 ? candidate : other;
  }

  private void look(List<Candidate> candidates, boolean freeOnly) {
    var comeIn = new ArrayList<Candidate>(candidates.size());
    boolean someInTime = false;
    for (var candidate : candidates) {
      if (!candidate.rejected() && comesIn(candidate, freeOnly)) {
        comeIn.add(candidate);
        someInTime |= inTime(candidate);
      }
    }
    for (var candidate : comeIn) {
      if (someInTime && !inTime(candidate)) {
        candidate.decide(Verdict.TOO_LATE);
      } else {
        if (best == null || Decider.compare(candidate, best) < 0) {
          second = best;
          best = candidate;
        } else if (second == null || Decider.compare(candidate, second) < 0) {
          second = candidate;
        }
      }
    }
  }

  /** Whether it is done within the time that is left, even if the wait is twice the predicted. */
  private boolean inTime(Candidate candidate) {
    return candidate.finishMs() + candidate.waitMs() <= question.patience().leftMs();
  }

  private boolean comesIn(Candidate candidate, boolean freeOnly) {
    if (candidate.free()) {
      return true;
    }
    boolean crowded = board.gate().crowded(candidate.spot());
    candidate.decide(crowded ? Verdict.CROWDED : Verdict.NO_ROOM);
    return !freeOnly && !crowded;
  }

  /** The best free candidate, if the best of all is busy and somebody waits to see it begin. */
  private @Nullable Candidate sooner(List<Candidate> candidates) {
    if (!question.facts().stream() || !watched() || best == null || best.free()) {
      return null;
    }
    Candidate sooner = null;
    for (var candidate : candidates) {
      if (candidate.free()
          && candidate.verdict() != Verdict.TOO_LATE
          && !leaves(best, candidate)
          && candidate.temperature() <= best.temperature() + ABOUT_AS_GOOD
          && candidate.firstTokenMs() * LATER < best.firstTokenMs()
          && (sooner == null || Decider.compare(candidate, sooner) < 0)) {
        sooner = candidate;
      }
    }
    return sooner;
  }

  private Decision decision(List<Candidate> candidates) {
    var winner = best;
    if (winner == null) {
      return new Decision.None(
          question,
          candidates,
          Refusal.QUEUE_FULL,
          "as many requests as may wait for every place that could answer",
          true);
    }
    winner.decide(winner.free() ? Verdict.CHOSEN : Verdict.AWAITED);
    winner.promise(
        question
            .knowledge()
            .times(winner.model(), winner.node(), winner.firstTokenMs(), winner.finishMs()));
    return winner.free()
        ? new Decision.Chosen(question, candidates, winner, second, because(candidates, winner))
        : new Decision.Waiting(question, candidates, winner, second);
  }

  /** Whether it is only for its conversation that the winner has won. */
  private Because because(List<Candidate> candidates, Candidate winner) {
    double bonus = Decider.bonus(question, winner);
    if (bonus <= 0) {
      return Because.SCORE;
    }
    for (var candidate : candidates) {
      if (candidate.free()
          && !candidate.model().equals(winner.model())
          && candidate.score() > winner.score() - bonus) {
        return Because.STAYING;
      }
    }
    return Because.SCORE;
  }
}
