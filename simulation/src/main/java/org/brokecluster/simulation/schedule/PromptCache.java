package org.brokecluster.simulation.schedule;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * The prompt cache of one simulated model server: the last prompts with their answers, one that is
 * continued giving way to its continuation, the oldest going first.
 */
final class PromptCache {
  private final int prompts;
  private final Deque<Held> held = new ArrayDeque<>();

  private record Held(Set<Long> borders, long answered, int tokens) {
    boolean has(long border) {
      return answered == border || borders.contains(border);
    }
  }

  PromptCache(int prompts) {
    this.prompts = prompts;
  }

  /** Tokens at the beginning of a prompt that need not be read; less than all of them. */
  int cached(Job job) {
    for (int i = job.borders().size() - 1; i >= 0; i--) {
      long border = job.borders().get(i);
      for (var each : held) {
        if (each.has(border)) {
          return Math.min(job.borderTokens().get(i), job.promptTokens() - 1);
        }
      }
    }
    return 0;
  }

  /** Tokens of the prompt that gives way to a further one; none if that continues one here. */
  int displaced(Job job) {
    boolean goesOn = held.stream().anyMatch(each -> job.borders().contains(each.answered()));
    return held.size() < prompts || goesOn || job.borders().isEmpty()
        ? 0
        : held.getFirst().tokens();
  }

  /** An answer is complete. */
  void remember(Job job) {
    if (job.borders().isEmpty()) {
      return;
    }
    held.removeIf(each -> job.borders().contains(each.answered()));
    held.addLast(
        new Held(
            Set.copyOf(job.borders()), job.answered(), job.promptTokens() + job.answerTokens()));
    while (held.size() > prompts) {
      held.removeFirst();
    }
  }

  void clear() {
    held.clear();
  }
}
