package org.brokecluster.node.runtime.mlx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.brokecluster.node.memory.CachePlan;
import org.brokecluster.node.runtime.disk.FolderCache;
import org.brokecluster.node.runtime.disk.KvCacheSize;
import org.brokecluster.node.runtime.disk.MlxModelFolder;
import org.brokecluster.node.runtime.disk.ModelFinder;
import org.brokecluster.node.runtime.process.Launch;
import org.brokecluster.node.runtime.process.ModelShelf;
import org.brokecluster.node.runtime.process.ShelfModel;
import org.brokecluster.node.runtime.process.ShelfModel.Problem;
import org.brokecluster.node.runtime.template.ChatRenderer;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.shared.hardware.Chip;
import org.brokecluster.shared.hardware.ModelSize;
import org.brokecluster.shared.hardware.Quantization;
import org.brokecluster.shared.hardware.SpeedEstimate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Models on this disk that mlx_lm.server can serve, and how it is started: offline, quiet, on
 * loopback, and bounded by what was set aside for it.
 */
public final class MlxShelf implements ModelShelf {
  /** Name of the runtime. */
  public static final String NAME = "mlx";

  /** What the server calls the model it was started with. */
  public static final String WIRE_NAME = "default_model";

  private static final Logger LOG = LoggerFactory.getLogger(MlxShelf.class);
  private static final long LOOK_AGAIN_NANOS = 60_000_000_000L;
  private static final int PROMPTS_AT_ONCE = 8;

  private final MlxSettings settings;
  private final MlxSearch search;
  private final MlxHealth health;
  private final ModelFinder finder;
  private final FolderCache cache = new FolderCache();
  private final Chip chip;
  private final boolean showsWithout;
  private final BooleanSupplier ggufServed;
  private final LongSupplier nanoTime;
  private final Semaphore renders;
  private @Nullable MlxInstallation installation;
  private @Nullable String report;
  private Map<String, Problem> sick = Map.of();
  private long lookedNanos;
  private long askedNanos;

  /**
   * A shelf that has not been looked at.
   *
   * @param showsWithout whether models are shown, as unsupported, where mlx-lm is missing
   * @param ggufServed whether another runtime serves GGUF files, which then are not shown here
   */
  public MlxShelf(
      MlxSettings settings,
      Map<String, String> environment,
      ModelFinder finder,
      Chip chip,
      boolean showsWithout,
      BooleanSupplier ggufServed,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.search = new MlxSearch(settings, environment);
    this.health = new MlxHealth(settings, environment);
    this.finder = finder;
    this.chip = chip;
    this.showsWithout = showsWithout;
    this.ggufServed = ggufServed;
    this.nanoTime = nanoTime;
    this.renders = new Semaphore(settings.rendersMax());
  }

  @Override
  public String runtime() {
    return NAME;
  }

  @Override
  public synchronized List<ShelfModel> scan() {
    look();
    if (installation == null && !showsWithout) {
      return List.of();
    }
    askHealth();
    var models = new ArrayList<ShelfModel>();
    for (var folder : cache.read(finder.find())) {
      if (!folder.isGguf() || !ggufServed.getAsBoolean()) {
        models.add(model(folder));
      }
    }
    return models;
  }

  /** Looks for mlx-lm, and again from time to time as long as it is missing. */
  private void look() {
    long now = nanoTime.getAsLong();
    if (installation != null || (report != null && now - lookedNanos < LOOK_AGAIN_NANOS)) {
      return;
    }
    lookedNanos = now;
    var result = search.look();
    installation = result.found().orElse(null);
    if (!result.report().equals(report)) {
      report = result.report();
      if (installation != null) {
        LOG.info("found {}", report);
      } else if (!showsWithout) {
        LOG.debug("{}", report);
      } else {
        LOG.warn("{}", report);
      }
    }
  }

  private void askHealth() {
    long now = nanoTime.getAsLong();
    if (askedNanos == 0 || now - askedNanos >= settings.healthInterval().toNanos()) {
      askedNanos = now == 0 ? 1 : now;
      sick = health.ask();
    }
  }

  private ShelfModel model(MlxModelFolder folder) {
    var need =
        new CachePlan.Need(
            folder.bytes(),
            folder.cache().map(c -> OptionalLong.of(c.perToken())).orElse(OptionalLong.empty()),
            folder.cache().map(KvCacheSize::perStream).orElse(0L),
            folder.contextLength());
    return new ShelfModel(
        ModelId.of(folder.folder().name()),
        folder.folder().path(),
        need,
        folder.parameters(),
        folder.quantization(),
        abilities(folder),
        speed(folder),
        problem(folder));
  }

  private Set<Ability> abilities(MlxModelFolder folder) {
    if (!folder.abilities().contains(Ability.CHAT) || rendering() == null) {
      return folder.abilities();
    }
    var abilities = EnumSet.copyOf(folder.abilities());
    abilities.add(Ability.CHAT_TEMPLATE);
    return abilities;
  }

  /** The python that renders chats as the server does; null where that is not sure. */
  private synchronized @Nullable Path rendering() {
    boolean changed = settings.options().stream().anyMatch(o -> o.contains("chat-template"));
    return installation == null || changed || settings.rendersMax() == 0
        ? null
        : installation.python().orElse(null);
  }

  /** What renders chats for a model of this shelf as its server does; empty if nothing can. */
  public Optional<ChatRenderer> renderer(ShelfModel model) {
    var python = rendering();
    return python == null
        ? Optional.empty()
        : Optional.of(
            new MlxRenderer(
                python, model.path(), settings.commandTimeout(), renders, MlxShelf::inThread));
  }

  private static void inThread(Runnable work) {
    var thread = new Thread(work, "broke-mlx-render");
    thread.setDaemon(true);
    thread.start();
  }

  private @Nullable Problem problem(MlxModelFolder folder) {
    var own = folder.problem();
    if (own != null) {
      return new Problem(own.state(), own.reason());
    }
    if (installation == null) {
      return new Problem(ModelState.UNSUPPORTED, String.valueOf(report));
    }
    var known = installation.architectures();
    if (!known.isEmpty() && !known.contains(folder.architecture())) {
      var version = installation.version().map(MlxVersion::toString).orElse("");
      return new Problem(
          ModelState.UNSUPPORTED,
          "mlx-lm %s does not know the architecture %s"
              .formatted(version, shortened(folder.architecture())));
    }
    return sick.get(folder.folder().name());
  }

  private static String shortened(String architecture) {
    int most = 40;
    return architecture.length() > most ? architecture.substring(0, most) : architecture;
  }

  private Speed speed(MlxModelFolder folder) {
    long parameters = Math.max(1, folder.parameters().orElse(7_000_000_000L));
    long active = Math.min(parameters, Math.max(1, folder.activeParameters().orElse(parameters)));
    var format = folder.quantization().flatMap(Quantization::inName).orElse(Quantization.BF16);
    long bytes =
        folder.bytes() > 0 ? folder.bytes() : Math.round(parameters * format.bytesPerWeight());
    var size = new ModelSize(parameters, active, Math.max(1, bytes));
    return SpeedEstimate.of(chip, size).speed();
  }

  @Override
  public Launch launch(ShelfModel model, CachePlan plan, int port) {
    MlxInstallation found;
    synchronized (this) {
      found = installation;
    }
    if (found == null) {
      throw new IllegalStateException("mlx-lm is no longer there");
    }
    var command = new ArrayList<>(found.command());
    command.addAll(List.of("--model", model.path().toString()));
    command.addAll(List.of("--host", "127.0.0.1", "--port", Integer.toString(port)));
    int longest = plan.contextLength().orElse(settings.maxTokens());
    option(found, command, "--log-level", "WARNING");
    option(found, command, "--max-tokens", Math.min(settings.maxTokens(), longest));
    option(found, command, "--decode-concurrency", plan.slots());
    option(found, command, "--prompt-concurrency", Math.min(PROMPTS_AT_ONCE, plan.slots()));
    if (plan.promptCacheBytes() > 0) {
      option(found, command, "--prompt-cache-bytes", megabytes(plan.promptCacheBytes()));
    }
    command.addAll(settings.options());
    return new Launch(
        command,
        Map.of(
            "HF_HUB_OFFLINE", "1",
            "TRANSFORMERS_OFFLINE", "1",
            "HF_HUB_DISABLE_TELEMETRY", "1",
            "TOKENIZERS_PARALLELISM", "false",
            "PYTHONUNBUFFERED", "1"));
  }

  private static void option(
      MlxInstallation found, List<String> command, String name, Object value) {
    if (found.understands(name)) {
      command.add(name);
      command.add(String.valueOf(value));
    }
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%dMB", Math.max(1, bytes / 1_000_000));
  }
}
