package org.brokecluster.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.TrafficClass;
import org.jspecify.annotations.Nullable;

/** Draws the plan of a run from its seed. */
final class Planner {
  private static final long FIRST_CALL_MS = 6_000;
  private static final long MINUTE_MS = 60_000;
  private static final List<String> MODELS =
      List.of("auto", "auto", "small", "large", "basic", "balanced");

  private final long seed;
  private final Random random;
  private final PlanOptions options;

  private Planner(long seed, PlanOptions options) {
    this.seed = seed;
    this.random = new Random(seed);
    this.options = options;
  }

  /** The plan of a seed; the same for the same options. */
  static Plan plan(long seed, PlanOptions options) {
    return new Planner(seed, options).draw();
  }

  private Plan draw() {
    var kind = kind();
    var asked = options.machines();
    int machines = asked == null ? (kind == Plan.Kind.WILD ? 2 : 3) + random.nextInt(3) : asked;
    int coordinators = machines >= 3 && random.nextBoolean() ? 3 : 1;
    boolean faithful = kind != Plan.Kind.WILD || random.nextInt(4) > 0;
    boolean sure = faithful && random.nextBoolean();
    boolean slow = kind == Plan.Kind.WILD && random.nextInt(8) == 0;
    long workMs = FIRST_CALL_MS + options.minutes() * MINUTE_MS;
    var faults = faults(kind, machines, coordinators, workMs);
    return new Plan(
        seed,
        kind,
        machines,
        coordinators,
        sure,
        !sure && random.nextInt(3) > 0,
        faithful,
        kind == Plan.Kind.CROWD ? 1 : 1 + random.nextInt(3),
        random.nextInt(4) == 0,
        slow ? 300 : 1 + random.nextInt(10),
        slow ? 3_000 : 20 + random.nextInt(200),
        slow || random.nextBoolean() ? 8_000 : 1_200,
        workMs,
        calls(kind, machines, workMs, faults),
        faults);
  }

  private Plan.Kind kind() {
    int drawn = random.nextInt(20);
    if (drawn < 2) {
      return Plan.Kind.CALM;
    } else if (drawn < 9) {
      return Plan.Kind.MILD;
    }
    if (drawn < 11) {
      return Plan.Kind.SICK;
    }
    return drawn == 11 ? Plan.Kind.CROWD : Plan.Kind.WILD;
  }

  private List<Call> calls(Plan.Kind kind, int machines, long workMs, List<Fault> faults) {
    if (kind == Plan.Kind.CROWD) {
      return crowd(machines, workMs);
    }
    int count = (kind == Plan.Kind.SICK ? 60 : 8 + random.nextInt(20)) * options.minutes();
    var calls = new ArrayList<Call>();
    for (int i = 1; i <= count; i++) {
      calls.add(call(kind, i, time(workMs, faults), random.nextInt(machines)));
    }
    if (kind == Plan.Kind.WILD && random.nextInt(4) == 0) {
      long at = FIRST_CALL_MS + random.nextInt(30_000);
      for (int i = 1; i <= 30; i++) {
        calls.add(call(kind, count + i, at + random.nextInt(300), random.nextInt(machines)));
      }
    }
    return calls;
  }

  /** Twice as much as can be answered, for the same model, most of it urgent. */
  private List<Call> crowd(int machines, long workMs) {
    var calls = new ArrayList<Call>();
    for (int i = 1; i <= 75 * machines * options.minutes(); i++) {
      long at = FIRST_CALL_MS + (long) (random.nextDouble() * (workMs - FIRST_CALL_MS));
      var urgent = random.nextInt(8) > 0 ? TrafficClass.INTERACTIVE : TrafficClass.BATCH;
      int words = 40 + random.nextInt(40);
      var request = RequestId.of("r" + i);
      int machine = random.nextInt(machines);
      calls.add(
          new Call(
              request, at, machine, "small", Call.Kind.TEXT, urgent, words, 0, null, 600, -1, 0));
    }
    return calls;
  }

  /** Any time, or shortly before something breaks, when it hurts most. */
  private long time(long workMs, List<Fault> faults) {
    if (faults.isEmpty() || random.nextBoolean()) {
      return FIRST_CALL_MS + (long) (random.nextDouble() * (workMs - FIRST_CALL_MS));
    }
    var fault = faults.get(random.nextInt(faults.size()));
    return Math.max(FIRST_CALL_MS, fault.atMs() - random.nextInt(2_500));
  }

  private Call call(Plan.Kind kind, int number, long at, int machine) {
    boolean wild = kind == Plan.Kind.WILD;
    int drawn = random.nextInt(20);
    var sort =
        drawn < 14 || kind == Plan.Kind.SICK
            ? Call.Kind.TEXT
            : drawn < 16 ? Call.Kind.WHOLE : drawn < 18 ? Call.Kind.TOOL : Call.Kind.JSON;
    int words = 3 + random.nextInt(kind == Plan.Kind.SICK ? 20 : 80);
    boolean thinks = sort == Call.Kind.TEXT && random.nextInt(5) == 0;
    return new Call(
        RequestId.of("r" + number),
        at,
        machine,
        any(MODELS),
        sort,
        any(List.of(TrafficClass.values())),
        words,
        thinks ? random.nextInt(words) : 0,
        limit(sort, words),
        wild ? 20 + random.nextInt(100) : 120,
        wild && random.nextInt(6) == 0 ? random.nextInt(6_000) : -1,
        random.nextInt(8) == 0 ? 30 + random.nextInt(200) : 0);
  }

  private @Nullable Integer limit(Call.Kind sort, int words) {
    boolean limited = sort != Call.Kind.TOOL && random.nextInt(3) == 0;
    return limited ? Integer.valueOf(1 + random.nextInt(2 * words)) : null;
  }

  private List<Fault> faults(Plan.Kind kind, int machines, int coordinators, long workMs) {
    return switch (kind) {
      case CALM, CROWD -> List.of();
      case MILD -> mild(machines, coordinators, workMs);
      case SICK -> List.of(new Fault(0, Fault.Kind.SICK, random.nextInt(machines), workMs));
      case WILD -> wild(machines, coordinators, workMs);
    };
  }

  /** One after another, never on a lonely coordinator, with time to recover in between. */
  private List<Fault> mild(int machines, int coordinators, long workMs) {
    var faults = new ArrayList<Fault>();
    boolean onlyKills = random.nextInt(3) == 0;
    long at = FIRST_CALL_MS + random.nextInt(10_000);
    while (at < workMs) {
      int first = onlyKills ? coordinators % machines : coordinators == 1 ? 1 : 0;
      int machine = first + random.nextInt(machines - first);
      var kind = onlyKills ? Fault.Kind.KILL : any(List.of(Fault.Kind.values()));
      if (kind != Fault.Kind.SICK) {
        faults.add(new Fault(at, kind, machine, mildLength(kind)));
      }
      at += 28_000 + random.nextInt(10_000);
    }
    return faults;
  }

  private long mildLength(Fault.Kind kind) {
    return switch (kind) {
      case KILL -> 3_000 + random.nextInt(6_000);
      case PAUSE, CUT -> 1_500 + random.nextInt(4_000);
      case SLOW, DRAIN -> 5_000 + random.nextInt(10_000);
      case CRASH, SICK -> 0;
      case SILENCE -> 60_000;
    };
  }

  private List<Fault> wild(int machines, int coordinators, long workMs) {
    var faults = new ArrayList<Fault>();
    int count = (1 + random.nextInt(8)) * options.minutes();
    for (int i = 0; i < count; i++) {
      long at = FIRST_CALL_MS + (long) (random.nextDouble() * (workMs - FIRST_CALL_MS));
      var kind = any(List.of(Fault.Kind.values()));
      boolean shortly = kind == Fault.Kind.CUT && random.nextBoolean();
      long lasts =
          shortly
              ? 50 + random.nextInt(800)
              : 300 + (long) (random.nextDouble() * random.nextDouble() * 30_000);
      faults.add(new Fault(at, kind, random.nextInt(machines), lasts));
    }
    if (coordinators == 3 && random.nextInt(3) == 0) {
      // The router's machine is away until just after the others have given it up.
      var kind = random.nextBoolean() ? Fault.Kind.CUT : Fault.Kind.PAUSE;
      long at = FIRST_CALL_MS + random.nextInt((int) (workMs - FIRST_CALL_MS - 14_000));
      faults.add(new Fault(at, kind, 0, 11_500 + random.nextInt(4_000)));
    }
    return faults;
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
