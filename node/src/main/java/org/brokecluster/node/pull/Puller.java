package org.brokecluster.node.pull;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.NodeProtocol.PullPhase;
import org.brokecluster.protocol.node.NodeProtocol.PullStatus;
import org.jspecify.annotations.Nullable;

/**
 * The models that are being fetched on this host. Lives as long as the host, so that a pull goes on
 * when a membership is replaced. Thread safe; never blocks.
 */
public final class Puller implements AutoCloseable {
  private static final int PATTERNS_MAX = 20;
  private static final int PATTERN_MAX = 100;
  private static final int STARS_MAX = 4;
  private static final int REMEMBERED_MAX = 50;

  private final NodeId node;
  private final PullSettings settings;
  private final Path cache;
  private final HubClient hub;
  private final LongSupplier nanoTime;
  private final Runnable fetched;
  private final Map<String, PullWork> works = new HashMap<>();
  private boolean closed;

  /**
   * A puller that has nothing to do yet.
   *
   * @param environment where the hub's token and the cache's place are looked up
   * @param fetched called after a model has come, on a thread of the pull
   */
  public Puller(
      NodeId node,
      PullSettings settings,
      Map<String, String> environment,
      LongSupplier nanoTime,
      Runnable fetched) {
    this.node = node;
    this.settings = settings;
    this.cache = HubCache.locate(settings.cache(), environment);
    var token = Optional.ofNullable(environment.get(settings.tokenVariable()));
    this.hub = new HubClient(settings, token.map(String::strip).filter(text -> !text.isEmpty()));
    this.nanoTime = nanoTime;
    this.fetched = fetched;
  }

  /**
   * Begins to fetch a model; joins a pull of it that is under way.
   *
   * @param text the model as people write it
   * @param include patterns of files, or none
   */
  public PullStatus start(String text, List<String> include) {
    HubModel model;
    try {
      model = HubModel.parse(text);
    } catch (IllegalArgumentException e) {
      return refused(text, String.valueOf(e.getMessage()));
    }
    if (settings.offline()) {
      return refused(
          model.label(), "this node fetches nothing: broke.node.models.offline is set there");
    }
    if (!usable(include)) {
      return refused(
          model.label(), "at most %d patterns of %d letters".formatted(PATTERNS_MAX, PATTERN_MAX));
    }
    return begin(model, include);
  }

  private synchronized PullStatus begin(HubModel model, List<String> include) {
    var known = works.get(model.label());
    if (known != null && !known.state().phase().over()) {
      return status(model.label(), known);
    }
    long running = works.values().stream().filter(work -> !work.state().phase().over()).count();
    if (closed || running >= settings.pullsMax()) {
      return refused(
          model.label(),
          closed
              ? "this node is ending"
              : "%d models are being fetched already (broke.node.pull.pulls-max)"
                  .formatted(running));
    }
    forgetSome();
    var work =
        new PullWork(
            settings, hub, new HubCache(cache, model), model, include, new PullProgress(nanoTime));
    works.put(model.label(), work);
    var thread = new Thread(() -> run(work), "broke-pull");
    thread.setDaemon(true);
    thread.start();
    return status(model.label(), work);
  }

  private void run(PullWork work) {
    work.run();
    if (work.state().phase() == PullPhase.DONE) {
      fetched.run();
    }
  }

  private void forgetSome() {
    if (works.size() >= REMEMBERED_MAX) {
      works.values().removeIf(work -> work.state().phase().over());
    }
  }

  private static boolean usable(List<String> include) {
    return include.size() <= PATTERNS_MAX
        && include.stream()
            .allMatch(
                pattern ->
                    pattern.length() <= PATTERN_MAX
                        && pattern.chars().filter(c -> c == '*').count() <= STARS_MAX);
  }

  /** How far the fetching of a model is. */
  public synchronized PullStatus look(String text) {
    var label = label(text);
    var work = works.get(label);
    return work == null ? unknown(label) : status(label, work);
  }

  /** Stops the fetching of a model; what is on disk stays there. */
  public synchronized PullStatus stop(String text) {
    var label = label(text);
    var work = works.get(label);
    if (work == null) {
      return unknown(label);
    }
    work.stop();
    return status(label, work);
  }

  private static String label(String text) {
    try {
      return HubModel.parse(text).label();
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private PullStatus unknown(String label) {
    return said(label, PullPhase.UNKNOWN, "nobody has asked for this model since the node started");
  }

  private PullStatus refused(String label, String message) {
    return said(label, PullPhase.REFUSED, message);
  }

  private PullStatus said(String label, PullPhase phase, String message) {
    return new PullStatus(node, label, phase, 0, 0, 0, 0, null, message);
  }

  private PullStatus status(String label, PullWork work) {
    var state = work.state();
    var progress = work.progress();
    return new PullStatus(
        node,
        label,
        state.phase(),
        progress.files(),
        progress.filesDone(),
        progress.bytes(),
        progress.bytesDone(),
        state.phase().over() ? null : boxed(progress.bytesPerSecond()),
        state.message());
  }

  private static @Nullable Long boxed(OptionalLong value) {
    return value.isPresent() ? Long.valueOf(value.getAsLong()) : null;
  }

  /** Stops every pull. */
  @Override
  public synchronized void close() {
    closed = true;
    works.values().forEach(PullWork::stop);
  }
}
