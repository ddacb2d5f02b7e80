package org.brokecluster.simulation.schedule;

import java.util.ArrayList;
import java.util.List;
import org.brokecluster.protocol.model.ModelState;
import org.jspecify.annotations.Nullable;

/**
 * A policy that sends each request to a Mac as soon as it comes, where it waits in line. What all
 * of them have that the systems they stand for mostly lack: they know at once what is in memory and
 * how much each Mac has to do, and where a model is in memory they do not have it loaded elsewhere.
 */
abstract class Rival implements Policy {
  private @Nullable Stage stage;
  private final List<Runnable> homeless = new ArrayList<>();

  @Override
  public void begin(Stage on) {
    stage = on;
  }

  /** The run it is part of. */
  Stage stage() {
    var on = stage;
    if (on == null) {
      throw new IllegalStateException("the run has not begun");
    }
    return on;
  }

  @Override
  public void comes(Job job, int attempt, @Nullable Mac lostOn) {
    var able = able(job);
    if (able.isEmpty()) {
      homeless.add(() -> comes(job, attempt, lostOn));
    } else {
      stage().give(job, attempt, choose(job, able));
    }
  }

  /**
   * Chooses.
   *
   * @param able Macs that have the model, in the fleet's order, at least one
   */
  abstract Mac choose(Job job, List<Mac> able);

  /** Macs with the model in memory, or else those that have it at all. */
  List<Mac> able(Job job) {
    var loaded = new ArrayList<Mac>();
    var all = new ArrayList<Mac>();
    for (var mac : stage().macs()) {
      var model = mac.model(job.model());
      if (model != null && stage().known(mac)) {
        all.add(mac);
        if (model.state() != ModelState.DISK) {
          loaded.add(mac);
        }
      }
    }
    return loaded.isEmpty() ? all : loaded;
  }

  /** The Mac with the least to do; the first of equals. */
  static Mac leastBusy(List<Mac> able) {
    var least = able.get(0);
    for (var mac : able) {
      least = mac.tasks().size() < least.tasks().size() ? mac : least;
    }
    return least;
  }

  @Override
  public void ended(Task task) {}

  @Override
  public void changed(Mac mac) {
    var again = List.copyOf(homeless);
    homeless.clear();
    again.forEach(Runnable::run);
  }

  @Override
  public void left(Mac mac) {}

  @Override
  public int waiting() {
    return homeless.size();
  }

  /** One after the other. */
  static final class RoundRobin extends Rival {
    private long turn;

    @Override
    Mac choose(Job job, List<Mac> able) {
      return able.get((int) (turn++ % able.size()));
    }
  }

  /** Whoever has the fewest requests, running or waiting. */
  static final class LeastInFlight extends Rival {
    @Override
    Mac choose(Job job, List<Mac> able) {
      return leastBusy(able);
    }
  }

  /**
   * The same conversation to the same Mac, by highest random weight over its beginning; what has no
   * known beginning goes to whoever has least to do.
   */
  static final class PrefixSticky extends Rival {
    private static final int BORDERS = 2;

    @Override
    Mac choose(Job job, List<Mac> able) {
      if (job.borders().isEmpty()) {
        return leastBusy(able);
      }
      long prefix = job.borders().get(Math.min(BORDERS, job.borders().size()) - 1);
      var best = able.get(0);
      long most = Long.MIN_VALUE;
      for (var mac : able) {
        long weight = mixed(prefix ^ mixed(mac.name().hashCode()));
        if (weight > most) {
          most = weight;
          best = mac;
        }
      }
      return best;
    }

    private static long mixed(long value) {
      long h = value * 0x9E3779B97F4A7C15L;
      h = (h ^ (h >>> 30)) * 0xBF58476D1CE4E5B9L;
      h = (h ^ (h >>> 27)) * 0x94D049BB133111EBL;
      return h ^ (h >>> 31);
    }
  }
}
