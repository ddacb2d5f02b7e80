package org.brokecluster.coordinator.routing.scorer;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plug-in's strategy, with another that scores wherever this one fails or gives no finite number:
 * nobody's request is lost by its mistakes.
 */
final class GuardedStrategy implements Strategy {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedStrategy.class);

  private final String name;
  private final Strategy plugin;
  private final Strategy instead;
  private final AtomicBoolean told = new AtomicBoolean();

  GuardedStrategy(Strategy plugin, Strategy instead) {
    this.name = plugin.name();
    this.plugin = plugin;
    this.instead = instead;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public double score(Contender contender, Contest contest) {
    try {
      double score = plugin.score(contender, contest);
      if (Double.isFinite(score)) {
        return score;
      }
      tell("score=" + score);
    } catch (RuntimeException | LinkageError e) {
      tell("error=" + e);
    }
    return instead.score(contender, contest);
  }

  @Override
  public boolean waitsForBetter() {
    try {
      return plugin.waitsForBetter();
    } catch (RuntimeException | LinkageError e) {
      tell("error=" + e);
      return instead.waitsForBetter();
    }
  }

  private void tell(String what) {
    if (!told.getAndSet(true)) {
      LOG.warn(
          "strategy of a plug-in failed, {} scores instead; said once: strategy={} {}",
          instead.name(),
          name,
          what);
    }
  }
}
