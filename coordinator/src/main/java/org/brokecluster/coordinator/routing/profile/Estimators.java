package org.brokecluster.coordinator.routing.profile;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.brokecluster.coordinator.routing.model.BundledModel;
import org.brokecluster.coordinator.routing.model.PromptModel;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.shared.plugin.Plugins;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every estimator that can be chosen, by name. */
public final class Estimators {
  private static final Logger LOG = LoggerFactory.getLogger(Estimators.class);

  private final Map<String, ComplexityEstimator> byName = new TreeMap<>();

  private Estimators() {}

  /**
   * The one that is shipped and that by phrases alone, then those of plug-ins; a later one replaces
   * an earlier one of the same name.
   */
  public static Estimators of(Iterable<ComplexityEstimator> plugins) {
    var all = new Estimators();
    var shipped = bundled();
    all.add(new PhraseEstimator());
    all.add(shipped);
    plugins.forEach(plugin -> all.add(new Guarded(plugin, shipped)));
    return all;
  }

  /** Estimators other jars bring along. */
  public static Iterable<ComplexityEstimator> plugins() {
    return Plugins.of(ComplexityEstimator.class);
  }

  /** The trained one with the model file that is shipped, or phrases alone if that is missing. */
  public static ComplexityEstimator bundled() {
    return BundledModel.get()
        .<ComplexityEstimator>map(model -> new TrainedEstimator(new PromptModel(model)))
        .orElseGet(PhraseEstimator::new);
  }

  private void add(ComplexityEstimator estimator) {
    byName.put(estimator.name(), estimator);
  }

  /** The estimator with this name. */
  public Optional<ComplexityEstimator> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** All names, sorted. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /** Somebody else's: no request is lost by its mistakes. */
  private static final class Guarded implements ComplexityEstimator {
    private final String name;
    private final ComplexityEstimator plugin;
    private final ComplexityEstimator instead;
    private final AtomicBoolean told = new AtomicBoolean();

    Guarded(ComplexityEstimator plugin, ComplexityEstimator instead) {
      this.name = plugin.name();
      this.plugin = plugin;
      this.instead = instead;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Profile estimate(PromptText text) {
      try {
        return Objects.requireNonNull(plugin.estimate(text), "no profile");
      } catch (RuntimeException | LinkageError e) {
        if (!told.getAndSet(true)) {
          // Its message might hold the prompt.
          LOG.warn(
              "estimator of a plug-in failed, {} estimates instead; said once: estimator={} error={}",
              instead.name(),
              name,
              e.getClass().getName());
        }
        return instead.estimate(text);
      }
    }
  }
}
