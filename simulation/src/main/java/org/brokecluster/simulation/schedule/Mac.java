package org.brokecluster.simulation.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.shared.hardware.SpeedEstimate;
import org.brokecluster.simulation.schedule.MacSpec.ModelSpec;
import org.jspecify.annotations.Nullable;

/**
 * A simulated Mac between two events: who reads and who answers shares its models' speed as {@link
 * SpeedEstimate} says, one model is loaded at a time, and what waits is begun in its order. Knows
 * no clock. Not thread safe.
 */
final class Mac {
  private final MacSpec spec;
  private final Map<String, Hosted> models = new LinkedHashMap<>();
  private final List<Task> tasks = new ArrayList<>();
  private double nowMs;
  private boolean away;
  private boolean changed;
  private int returns;
  private long turn;

  /** A model here. */
  static final class Hosted {
    private final ModelSpec spec;
    private final SpeedEstimate speed;
    private final PromptCache cache;
    private ModelState state;
    private double loadEndsMs;
    private double loadMs;
    private long used;

    Hosted(ModelSpec spec, SpeedEstimate speed) {
      this.spec = spec;
      this.speed = speed;
      this.cache = new PromptCache(spec.cachedPrompts());
      this.state = spec.resident() ? ModelState.LOADED : ModelState.DISK;
    }

    ModelSpec spec() {
      return spec;
    }

    SpeedEstimate speed() {
      return speed;
    }

    ModelState state() {
      return state;
    }

    PromptCache cache() {
      return cache;
    }

    /** Share of the load that is done, while it loads. */
    double progress(double nowMs) {
      return Math.max(0, Math.min(1, 1 - (loadEndsMs - nowMs) / Math.max(1, loadMs)));
    }

    private boolean resident() {
      return state == ModelState.LOADED || state == ModelState.LOADING;
    }
  }

  Mac(MacSpec spec) {
    this.spec = spec;
    for (var model : spec.models()) {
      models.put(model.id(), new Hosted(model, spec.speed(model)));
    }
  }

  MacSpec spec() {
    return spec;
  }

  String name() {
    return spec.name();
  }

  Map<String, Hosted> models() {
    return models;
  }

  @Nullable Hosted model(String id) {
    return models.get(id);
  }

  /** Everything it has been given and has not done. */
  List<Task> tasks() {
    return tasks;
  }

  /** Until when it has been advanced. */
  double nowMs() {
    return nowMs;
  }

  boolean away() {
    return away;
  }

  /** How often it has come back. */
  int returns() {
    return returns;
  }

  int count(String model) {
    int count = 0;
    for (var task : tasks) {
      count += task.job().model().equals(model) ? 1 : 0;
    }
    return count;
  }

  int running(String model) {
    int count = 0;
    for (var task : tasks) {
      count += task.started() && task.job().model().equals(model) ? 1 : 0;
    }
    return count;
  }

  long freeBytes() {
    long held = 0;
    for (var model : models.values()) {
      held += model.resident() ? model.spec.bytes() : 0;
    }
    return Math.max(1, spec.room() - held);
  }

  /** Whether models came or went since this was asked last. */
  boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  /** Gives it a request. */
  void give(Task task) {
    tasks.add(task);
    begin();
  }

  /** Lets time pass until then, at most to the next event; answers what is complete. */
  List<Task> advance(double untilMs) {
    double ms = untilMs - nowMs;
    int busy = busyModels();
    for (var model : models.values()) {
      if (model.state == ModelState.LOADING && model.loadEndsMs <= untilMs + 1e-6) {
        model.state = ModelState.LOADED;
        changed = true;
      }
    }
    var done = new ArrayList<Task>(1);
    var speeds = new LinkedHashMap<String, double[]>();
    for (var task : tasks) {
      if (task.started()) {
        var speed = speeds.computeIfAbsent(task.job().model(), id -> speedOf(id, busy));
        task.advance(untilMs, ms, speed[0], speed[1]);
      }
    }
    nowMs = untilMs;
    for (var task : tasks) {
      task.read(nowMs);
      if (task.over()) {
        done.add(task);
      }
    }
    for (var task : done) {
      tasks.remove(task);
      hosted(task).cache.remember(task.job());
      hosted(task).used = ++turn;
    }
    begin();
    return done;
  }

  /** When something happens here next if nothing is given; infinite for never. */
  double nextMs() {
    double next = Double.POSITIVE_INFINITY;
    if (away) {
      return next;
    }
    for (var model : models.values()) {
      next = model.state == ModelState.LOADING ? Math.min(next, model.loadEndsMs) : next;
    }
    int busy = busyModels();
    var speeds = new LinkedHashMap<String, double[]>();
    for (var task : tasks) {
      if (task.started()) {
        var speed = speeds.computeIfAbsent(task.job().model(), id -> speedOf(id, busy));
        next = Math.min(next, nowMs + task.nextMs(speed[0], speed[1]));
      }
    }
    return next;
  }

  /** Time a running request still needs if nothing changes here. */
  double leftMs(Task task) {
    int busy = Math.max(1, busyModels());
    var speed = speedOf(task.job().model(), busy);
    double wait = task.started() ? 0 : task.job().promptTokens() / speed[0];
    return wait + (task.reading() ? task.unread() / speed[0] : 0) + task.unmade() / speed[1];
  }

  /** Its lid is closed; answers what is lost. */
  List<Task> leave() {
    away = true;
    var lost = List.copyOf(tasks);
    tasks.clear();
    for (var model : models.values()) {
      if (model.state == ModelState.LOADING) {
        model.state = ModelState.DISK;
      }
    }
    return lost;
  }

  /** Its lid is opened: models are in memory as they were. */
  void comeBack(double atMs) {
    away = false;
    nowMs = atMs;
    returns++;
    changed = true;
  }

  private int busyModels() {
    int busy = 0;
    for (var model : models.keySet()) {
      busy += running(model) > 0 ? 1 : 0;
    }
    return busy;
  }

  /** Prompt tokens read, and tokens made, by each request of a model in a millisecond. */
  private double[] speedOf(String id, int busy) {
    var model = models.get(id);
    int reading = 0;
    int making = 0;
    for (var task : tasks) {
      if (task.job().model().equals(id)) {
        reading += task.reading() ? 1 : 0;
        making += task.making() ? 1 : 0;
      }
    }
    if (model == null) {
      throw new IllegalStateException("no such model here: " + id);
    }
    double read = model.speed.prefillTokensPerSecond() * SpeedEstimate.prefillShare(reading, busy);
    double made = model.speed.decodeTokensPerSecond() * SpeedEstimate.decodeShare(making, busy);
    return new double[] {read / 1000, made / 1000};
  }

  private Hosted hosted(Task task) {
    var model = models.get(task.job().model());
    if (model == null) {
      throw new IllegalStateException("no such model here: " + task.job().model());
    }
    return model;
  }

  /** Begins what can be begun, in the order in which it came. */
  private void begin() {
    boolean loading = models.values().stream().anyMatch(each -> each.state == ModelState.LOADING);
    boolean wantsRoom = false;
    for (var task : tasks) {
      if (task.started()) {
        continue;
      }
      var model = hosted(task);
      if (model.state == ModelState.DISK && !loading) {
        loading = load(model);
        wantsRoom |= !loading;
      } else if (model.state == ModelState.LOADED
          && !wantsRoom
          && running(model.spec.id()) < model.spec.slots()) {
        task.start(nowMs, model.cache.cached(task.job()));
        model.used = ++turn;
      }
    }
  }

  /** Loads a model if idle ones make enough room. */
  private boolean load(Hosted wanted) {
    long free = spec.room();
    for (var model : models.values()) {
      free -= model.resident() ? model.spec.bytes() : 0;
    }
    var idle =
        models.values().stream()
            .filter(model -> model.state == ModelState.LOADED && running(model.spec.id()) == 0)
            .sorted(Comparator.comparingLong(model -> model.used))
            .toList();
    var evicted = new ArrayList<Hosted>();
    for (var model : idle) {
      if (free >= wanted.spec.bytes()) {
        break;
      }
      evicted.add(model);
      free += model.spec.bytes();
    }
    if (free < wanted.spec.bytes()) {
      return false;
    }
    for (var model : evicted) {
      model.state = ModelState.DISK;
      model.cache.clear();
    }
    wanted.state = ModelState.LOADING;
    wanted.loadMs = wanted.speed.loadSeconds() * 1000;
    wanted.loadEndsMs = nowMs + wanted.loadMs;
    changed = true;
    return true;
  }
}
