package org.brokecluster.simulation.schedule;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The prompt cache of one simulated model server: the last prompts with their answers, one that is
 * continued giving way to its continuation, the oldest going first.
 */
final class PromptCache {
  private final int prompts;
  private final Deque<Held> held = new ArrayDeque<>();

  private record Held(List<Long> borders, long answered) {
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

  /** An answer is complete. */
  void remember(Job job) {
    if (job.borders().isEmpty()) {
      return;
    }
    held.removeIf(each -> job.borders().contains(each.answered()));
    held.addLast(new Held(job.borders(), job.answered()));
    while (held.size() > prompts) {
      held.removeFirst();
    }
  }

  void clear() {
    held.clear();
  }
}
