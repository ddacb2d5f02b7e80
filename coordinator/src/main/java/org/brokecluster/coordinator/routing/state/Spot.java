package org.brokecluster.coordinator.routing.state;

import java.util.EnumSet;
import java.util.Set;
import org.brokecluster.coordinator.routing.model.ModelSkill;
import org.brokecluster.coordinator.routing.model.SkillTable;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.shared.hardware.ModelFamily;
import org.jspecify.annotations.Nullable;

/** A model on a node, prepared for many quick decisions. */
public final class Spot {
  private static final double GIB = 1024.0 * 1024 * 1024;
  private static final double BYTES_PER_PARAMETER = 0.56;

  /** Size in GiB at which {@link #cost} is one half. */
  private static final double COST_HALF_GIB = 8;

  private final NodeId node;
  private final int position;
  private final HostedModel hosted;
  private final ModelId model;
  private final Tier tier;
  private final ModelState state;
  private final int slots;
  private final Speed speed;
  private final @Nullable Integer context;
  private final double loadMs;
  private final Set<Ability> abilities;
  private final boolean sizeKnown;
  private final double gigabytes;
  private final double cost;
  private final @Nullable String away;

  /** Worked out when it is first asked for: seldom. */
  private @Nullable String family;

  private @Nullable ModelSkill skill;

  Spot(NodeState owner, int position, HostedModel hosted) {
    this.node = owner.name();
    this.away = owner.away();
    this.position = position;
    this.hosted = hosted;
    this.model = ModelId.of(hosted.facts().id().value().intern()); // compared very often
    this.tier = hosted.facts().tier();
    this.state = hosted.load().state();
    this.slots = hosted.facts().slots();
    this.speed = hosted.load().speed();
    this.context = hosted.facts().contextLength();
    this.loadMs = loadMs(hosted);
    this.abilities = compact(hosted.facts().abilities());
    this.sizeKnown =
        isPositive(hosted.facts().residentBytes()) || isPositive(hosted.facts().bytes());
    this.gigabytes = gigabytes(hosted.facts());
    this.cost = (1 - owner.reluctance()) / (1 + gigabytes / COST_HALF_GIB);
  }

  /** Abilities in the form that {@link #can} compares fastest. */
  public static Set<Ability> compact(Set<Ability> abilities) {
    var copy = EnumSet.noneOf(Ability.class);
    copy.addAll(abilities);
    return copy;
  }

  /** The node. */
  public NodeId node() {
    return node;
  }

  /** How cheap it is to use, 0 to 1: a small model, and an owner who does not mind. */
  public double cost() {
    return cost;
  }

  /** Why the node takes no new work, in words; null while it does. */
  public @Nullable String away() {
    return away;
  }

  /** The model. */
  public ModelId model() {
    return model;
  }

  /** Place among the spots of its node, from 0. */
  public int position() {
    return position;
  }

  /** What the model has in common with its variants of other quantisation. */
  String family() {
    var known = family;
    if (known == null) {
      known = ModelFamily.of(model().value());
      family = known;
    }
    return known;
  }

  /** How able the model is, by this table: looked up once, so always ask with the same one. */
  public ModelSkill skill(SkillTable table) {
    var known = skill;
    if (known == null) {
      known = table.of(hosted.facts());
      skill = known;
    }
    return known;
  }

  /** The model's tier. */
  public Tier tier() {
    return tier;
  }

  /** Where the model stands on the node. */
  public ModelState state() {
    return state;
  }

  /** Streams the model runs side by side, at least 1. */
  public int slots() {
    return slots;
  }

  /** How fast the node serves the model alone. */
  public Speed speed() {
    return speed;
  }

  /** Facts and load as reported. */
  public HostedModel hosted() {
    return hosted;
  }

  /** Whether the model has all these abilities. */
  public boolean can(Set<Ability> needed) {
    return abilities.containsAll(needed);
  }

  /** Whether a prompt of this many tokens is certainly too long. */
  public boolean tooShortFor(int promptTokens) {
    return context != null && promptTokens > context;
  }

  /** Whether the context is known to be longer than this; always so for a figure below 0. */
  public boolean reachesBeyond(int tokens) {
    return tokens < 0 || (context != null && context > tokens);
  }

  /** Whether the node reports what the model holds, or at least the size of its weights. */
  public boolean sizeKnown() {
    return sizeKnown;
  }

  private static boolean isPositive(@Nullable Long bytes) {
    return bytes != null && bytes > 0;
  }

  /**
   * Memory the model holds in GiB: as reported, else its weights as reported, by parameters at 4
   * bit, or typical of the tier.
   */
  public double gigabytes() {
    return gigabytes;
  }

  /** Time until the model can be used if nobody else loads there, in milliseconds. */
  public double loadMs() {
    return loadMs;
  }

  private static double loadMs(HostedModel hosted) {
    double full = hosted.load().speed().loadSeconds() * 1000;
    return switch (hosted.load().state()) {
      case LOADED -> 0;
      case LOADING -> {
        var progress = hosted.load().progress();
        yield full * (1 - (progress == null ? 0 : Math.max(0, Math.min(1, progress))));
      }
      case DISK, FAILED, UNSUPPORTED -> full;
    };
  }

  private static double gigabytes(ModelFacts facts) {
    if (facts.residentBytes() != null && facts.residentBytes() > 0) {
      return facts.residentBytes() / GIB;
    }
    if (facts.bytes() != null && facts.bytes() > 0) {
      return facts.bytes() / GIB;
    }
    if (facts.parameters() != null && facts.parameters() > 0) {
      return facts.parameters() * BYTES_PER_PARAMETER / GIB;
    }
    return switch (facts.tier()) {
      case BASIC -> 2;
      case BALANCED -> 8;
      case PREMIUM -> 18;
    };
  }
}
