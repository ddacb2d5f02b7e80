package org.brokecluster.node.memory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.brokecluster.protocol.id.ModelId;

/**
 * Decides what fits into memory and who makes room. Pure.
 *
 * @param limit what models may take
 * @param available what the system can still give where it is short of memory, else nothing
 */
public record MemoryBudget(MemoryLimit limit, OptionalLong available) {
  /**
   * A model on disk that could be loaded in place of one that does not fit.
   *
   * @param bytes all it would take
   */
  public record Alternative(ModelId id, long bytes) {}

  /** Bytes that no model takes; below 0 where too much is taken already. */
  public long free(Collection<Resident> residents) {
    long free = limit.bytes() - residents.stream().mapToLong(Resident::bytes).sum();
    return Math.min(free, available.orElse(free));
  }

  /** The model whose going would be felt least, if any may go. */
  public static Optional<ModelId> leastValuable(Collection<Resident> residents) {
    return byWorth(residents).stream().map(Resident::id).findFirst();
  }

  /**
   * Who has to go so that a model fits. Nobody does while there is room for the least that it can
   * work with: two models with less cache each are worth more than one. Else only idle models that
   * are not pinned go, the least worth keeping first, and none that could have stayed.
   *
   * @param wanted name of the model
   * @param need what it takes
   * @param residents everything in memory, without the model itself
   * @param others what else is on disk here, for the message
   */
  public RoomPlan room(
      ModelId wanted,
      Footprint need,
      Collection<Resident> residents,
      Collection<Alternative> others) {
    if (!limit.known()) {
      return new RoomPlan.Fits(List.of(), need.bytes());
    }
    if (need.least() > limit.bytes()) {
      return new RoomPlan.Refused(false, refusal(wanted, need, List.of(), others, limit.bytes()));
    }
    long free = free(residents);
    if (need.least() <= free) {
      return new RoomPlan.Fits(List.of(), Math.min(need.bytes(), free));
    }
    long movable = residents.stream().filter(Resident::mayGo).mapToLong(Resident::bytes).sum();
    if (need.least() > free + movable) {
      return new RoomPlan.Refused(true, refusal(wanted, need, residents, others, free + movable));
    }
    return evicting(need, free, residents);
  }

  private RoomPlan evicting(Footprint need, long free, Collection<Resident> residents) {
    long room = free;
    var going = new ArrayList<Resident>();
    for (var next : byWorth(residents)) {
      if (room >= need.least()) {
        break;
      }
      going.add(next);
      room += next.bytes();
    }
    var gone = spare(going, room - need.least());
    long freed = free + gone.stream().mapToLong(Resident::bytes).sum();
    return new RoomPlan.Fits(
        gone.stream().map(Resident::id).toList(), Math.min(need.bytes(), freed));
  }

  private static List<Resident> byWorth(Collection<Resident> residents) {
    return residents.stream()
        .filter(Resident::mayGo)
        .sorted(Comparator.comparingDouble(Resident::worth).thenComparing(Resident::id))
        .toList();
  }

  /** A large model that goes late may make the going of smaller ones before it needless. */
  private static List<Resident> spare(List<Resident> going, long surplus) {
    var stay = new ArrayList<>(going);
    long over = surplus;
    for (int i = going.size() - 1; i >= 0; i--) {
      var candidate = going.get(i);
      if (candidate.bytes() <= over) {
        stay.remove(candidate);
        over -= candidate.bytes();
      }
    }
    return stay;
  }

  private String refusal(
      ModelId wanted,
      Footprint need,
      Collection<Resident> residents,
      Collection<Alternative> others,
      long most) {
    var held =
        residents.stream()
            .sorted(Comparator.comparingLong(Resident::bytes).reversed())
            .map(Resident::sentence)
            .collect(Collectors.joining(", "));
    var smaller =
        SmallerVariant.of(wanted, others, most)
            .map(
                other ->
                    "; %s (%s) is on this disk and fits"
                        .formatted(other.id(), Gigabytes.of(other.bytes())))
            .orElse("");
    var pressed =
        available.isEmpty()
            ? ""
            : ", but other programs have made memory short: the system has %s left"
                .formatted(Gigabytes.of(available.getAsLong()));
    return "model does not fit into memory: %s needs %s; %s%s%s%s"
        .formatted(
            wanted,
            need.parts(),
            limit.sentence(),
            pressed,
            held.isEmpty()
                ? ""
                : ", %s are free, in memory: %s".formatted(Gigabytes.of(freeOf(residents)), held),
            smaller);
  }

  private long freeOf(Collection<Resident> residents) {
    return Math.max(0, free(residents));
  }
}
