package org.brokecluster.node.runtime.llama;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.brokecluster.node.memory.CachePlan;
import org.brokecluster.node.runtime.disk.GgufFile;
import org.brokecluster.node.runtime.disk.GgufFinder;
import org.brokecluster.node.runtime.disk.KvCacheSize;
import org.brokecluster.node.runtime.openai.Dialect;
import org.brokecluster.node.runtime.process.Launch;
import org.brokecluster.node.runtime.process.ModelShelf;
import org.brokecluster.node.runtime.process.ShelfModel;
import org.brokecluster.node.runtime.process.ShelfModel.Problem;
import org.brokecluster.node.runtime.process.ShortCommand;
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
 * GGUF files on this disk and how llama-server is started for one: on loopback, offline, with the
 * cache that was set aside for it and no more.
 */
public final class LlamaShelf implements ModelShelf {
  /** Name of the runtime. */
  public static final String NAME = "llama";

  /** What its one model is called on the wire; the server ignores it. */
  public static final String WIRE_NAME = "model";

  private static final Logger LOG = LoggerFactory.getLogger(LlamaShelf.class);
  private static final String SERVER = "llama-server";
  private static final long LOOK_AGAIN_NANOS = 60_000_000_000L;
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])(-{1,2}[a-z][a-z-]{0,40})");
  private static final List<String> PLACES = List.of("/opt/homebrew/bin", "/usr/local/bin");

  private record Known(long size, long modified, ShelfModel model) {}

  private final LlamaSettings settings;
  private final Map<String, String> environment;
  private final GgufFinder finder;
  private final Chip chip;
  private final LongSupplier nanoTime;
  private Map<Path, Known> known = new HashMap<>();
  private List<String> command = List.of();
  private Set<String> options = Set.of();
  private boolean looked;
  private long lookedNanos;

  /** A shelf that has not been looked at. */
  public LlamaShelf(
      LlamaSettings settings,
      Map<String, String> environment,
      GgufFinder finder,
      Chip chip,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.environment = environment;
    this.finder = finder;
    this.chip = chip;
    this.nanoTime = nanoTime;
  }

  @Override
  public String runtime() {
    return NAME;
  }

  @Override
  public synchronized List<ShelfModel> scan() {
    look();
    if (command.isEmpty() && settings.use() != LlamaSettings.Use.ALWAYS) {
      return List.of();
    }
    var now = new HashMap<Path, Known>();
    var models = new ArrayList<ShelfModel>();
    for (var found : finder.find().entrySet()) {
      var entry = read(found.getKey(), found.getValue());
      now.put(found.getValue(), entry);
      models.add(command.isEmpty() ? entry.model().with(missing()) : entry.model());
    }
    known = now;
    return models;
  }

  private static Problem missing() {
    return new Problem(
        ModelState.UNSUPPORTED,
        "llama-server was not found: install it with \"brew install llama.cpp\", or name it in"
            + " broke.node.llama.command");
  }

  /** Looks for the program, and again from time to time as long as it is missing. */
  private void look() {
    long now = nanoTime.getAsLong();
    if (!command.isEmpty() || (looked && now - lookedNanos < LOOK_AGAIN_NANOS)) {
      return;
    }
    looked = true;
    lookedNanos = now;
    command = settings.command().isEmpty() ? search() : settings.command();
    if (command.isEmpty()) {
      return;
    }
    var asked = new ArrayList<>(command);
    asked.add("--help");
    try {
      options = optionsIn(ShortCommand.run(asked, settings.commandTimeout()).orElse(""));
      LOG.info("found llama-server: command={}", command);
    } catch (IOException e) {
      LOG.warn("llama-server cannot be started: {}", e.getMessage());
      command = List.of();
    }
  }

  private List<String> search() {
    var path = environment.getOrDefault("PATH", "").split(":", -1);
    return Stream.concat(Stream.of(path).filter(p -> !p.isBlank()), PLACES.stream())
        .map(folder -> Path.of(folder, SERVER))
        .filter(Files::isExecutable)
        .findFirst()
        .map(file -> List.of(file.toString()))
        .orElse(List.of());
  }

  private static Set<String> optionsIn(String help) {
    var found = new HashSet<String>();
    var match = OPTION.matcher(help);
    while (match.find()) {
      found.add(match.group(1));
    }
    return found;
  }

  private Known read(String name, Path file) {
    long size = 0;
    long modified = 0;
    try {
      size = Files.size(file);
      modified = Files.getLastModifiedTime(file).toMillis();
      var before = known.get(file);
      if (before != null && before.size() == size && before.modified() == modified) {
        return before;
      }
      return new Known(size, modified, model(name, file, GgufFile.read(file)));
    } catch (IOException | RuntimeException e) {
      var problem = new Problem(ModelState.UNSUPPORTED, String.valueOf(e.getMessage()));
      return new Known(size, modified, unreadable(name, file, problem));
    }
  }

  private ShelfModel model(String name, Path file, GgufFile head) {
    long bytes = 0;
    @Nullable Problem problem = null;
    for (var part : GgufFinder.parts(file, head.parts())) {
      try {
        bytes += Files.size(part);
      } catch (IOException e) {
        problem = new Problem(ModelState.FAILED, part.getFileName() + " is missing");
      }
    }
    if (!head.makesText()) {
      problem = new Problem(ModelState.UNSUPPORTED, head.architecture() + " models make no text");
    }
    var need =
        new CachePlan.Need(
            bytes,
            head.cache().map(c -> OptionalLong.of(c.perToken())).orElse(OptionalLong.empty()),
            head.cache().map(KvCacheSize::perStream).orElse(0L),
            head.contextLength());
    // The number of weights in the first of several parts says little; the name may say it all.
    var parameters =
        head.parts() == 1 ? Optional.of(head.parameters()) : ModelSize.parametersIn(name);
    return new ShelfModel(
        ModelId.of(name),
        file,
        need,
        parameters.filter(count -> count > 0),
        head.quantization().or(() -> Quantization.inName(name).map(Quantization::label)),
        abilities(head),
        speed(name, head, parameters.orElse(0L), bytes),
        problem);
  }

  private ShelfModel unreadable(String name, Path file, Problem problem) {
    return new ShelfModel(
        ModelId.of(name),
        file,
        new CachePlan.Need(0, OptionalLong.empty(), 0, OptionalInt.empty()),
        ModelSize.parametersIn(name),
        Optional.empty(),
        Set.of(),
        new Speed(1, 1, 0, false),
        problem);
  }

  private static Set<Ability> abilities(GgufFile head) {
    var abilities = EnumSet.copyOf(Dialect.LLAMA.abilities());
    abilities.remove(Ability.VISION);
    if (!head.template().toLowerCase(Locale.ROOT).contains("tools")) {
      abilities.remove(Ability.TOOLS);
      abilities.remove(Ability.TOOL_CHOICE);
    }
    if (!head.template().isBlank()) {
      abilities.add(Ability.CHAT_TEMPLATE);
    }
    return abilities;
  }

  private Speed speed(String name, GgufFile head, long parameters, long bytes) {
    long count = Math.max(1, parameters);
    long active = Math.max(1, Math.min(count, head.activeParameters(name, count)));
    return SpeedEstimate.of(chip, new ModelSize(count, active, Math.max(1, bytes))).speed();
  }

  /** The server takes its cache at the start, for all its streams together. */
  @Override
  public CachePlan plan(CachePlan plan) {
    long all = (long) plan.slots() * plan.tokensPerSlot();
    int most = plan.contextLength().orElse(Integer.MAX_VALUE);
    return plan.withContext(OptionalInt.of((int) Math.min(all, most))).fixed();
  }

  @Override
  public Launch launch(ShelfModel model, CachePlan plan, int port) {
    List<String> program;
    Set<String> understood;
    synchronized (this) {
      program = command;
      understood = options;
    }
    if (program.isEmpty()) {
      throw new IllegalStateException("llama-server is no longer there");
    }
    var all = new ArrayList<>(program);
    all.addAll(List.of("-m", model.path().toString(), "--host", "127.0.0.1"));
    all.addAll(List.of("--port", Integer.toString(port)));
    all.addAll(List.of("-c", Long.toString((long) plan.slots() * plan.tokensPerSlot())));
    all.addAll(List.of("-np", Integer.toString(plan.slots())));
    flag(understood, all, "--kv-unified");
    flag(understood, all, "--offline");
    flag(understood, all, "--no-webui");
    if (understood.contains("--cache-ram")) {
      all.addAll(List.of("--cache-ram", Long.toString(plan.promptCacheBytes() >> 20)));
    }
    all.addAll(settings.options());
    return new Launch(all, Map.of("HF_HUB_OFFLINE", "1"));
  }

  private static void flag(Set<String> understood, List<String> command, String name) {
    if (understood.contains(name)) {
      command.add(name);
    }
  }

  /** Whether there is a program that serves GGUF files. Blocks the first time. */
  public synchronized boolean serves() {
    if (settings.use() != LlamaSettings.Use.NEVER) {
      look();
    }
    return !command.isEmpty();
  }
}
