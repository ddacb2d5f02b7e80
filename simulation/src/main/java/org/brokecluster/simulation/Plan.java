package org.brokecluster.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.NodeFacts;

/**
 * What will happen in one run, all of it decided before it begins.
 *
 * @param kind how hard it is
 * @param machines simulated Macs
 * @param coordinators how many of them are coordinators, the first ones
 * @param sure whether answers are the same each time they are made
 * @param prefill whether models continue a trailing assistant message
 * @param sameEverywhere whether a model says the same on every machine
 * @param slots streams of each model on a machine
 * @param onDisk whether models have to be loaded first
 * @param newsMs longest time until a member hears that another was thrown out
 * @param workMs until when clients call and things break
 */
record Plan(
    long seed,
    Kind kind,
    int machines,
    int coordinators,
    boolean sure,
    boolean prefill,
    boolean sameEverywhere,
    int slots,
    boolean onDisk,
    int usualDelayMs,
    int rareDelayMs,
    int newsMs,
    long workMs,
    List<Call> calls,
    List<Fault> faults) {

  /** How hard a run is. */
  enum Kind {
    /** Nothing breaks: everything must be answered. */
    CALM,
    /** One thing breaks at a time, and others can help: what can be answered must be. */
    MILD,
    /** More is asked for than can be answered: nobody may starve. */
    CROWD,
    /** One place fails every answer: it must be spared, and everything answered. */
    SICK,
    /** Anything may break at any time: everything must end honestly. */
    WILD
  }

  static final ModelId SMALL = ModelId.of("small");
  static final ModelId LARGE = ModelId.of("large");

  /** Copies the lists. */
  Plan {
    calls = List.copyOf(calls);
    faults = List.copyOf(faults);
  }

  /** What models a machine has: the first and every second one have the large one, too. */
  List<PlayedModel> modelsOn(World world, Machine machine) {
    var all = new ArrayList<PlayedModel>();
    all.add(new PlayedModel(world, machine, facts(SMALL), new Speed(400, 50, 2, true), !onDisk));
    if (hasLarge(machine.index())) {
      all.add(new PlayedModel(world, machine, facts(LARGE), new Speed(200, 30, 4, true), !onDisk));
    }
    return all;
  }

  /** With two machines both have the large model, so that one can always help out. */
  private boolean hasLarge(int machine) {
    return machines < 4 || machine % 2 == 0;
  }

  /** Streams that all machines can run at the same time. */
  int slotsInAll() {
    return 2 * machines * slots;
  }

  private ModelFacts facts(ModelId model) {
    boolean small = model.equals(SMALL);
    return new ModelFacts(
        model,
        small ? Tier.BASIC : Tier.BALANCED,
        "played",
        sure,
        null,
        null,
        small ? 2L << 30 : 8L << 30,
        8_192,
        slots,
        abilities());
  }

  private Set<Ability> abilities() {
    var all = EnumSet.of(Ability.CHAT, Ability.TOOLS, Ability.JSON_OBJECT);
    if (prefill) {
      all.add(Ability.ASSISTANT_PREFILL);
    }
    return all;
  }

  /** What a node gossips of itself. */
  NodeFacts factsOf(Membership of) {
    var models = new ArrayList<ModelFacts>();
    models.add(facts(SMALL));
    if (hasLarge(of.machine().index())) {
      models.add(facts(LARGE));
    }
    return new NodeFacts(
        1,
        of.machine().name(),
        of.uid(),
        null,
        1,
        of.toString(),
        null,
        List.of(),
        true,
        "played",
        64L << 30,
        "0",
        models,
        0,
        null);
  }

  /** In one line, for reports. */
  String summary() {
    return "%s, %d machines, %d coordinators, %d slots, %d calls, faults: %s"
        .formatted(
            kind, machines, coordinators, slots, calls.size(), faults.isEmpty() ? "none" : faults);
  }
}
