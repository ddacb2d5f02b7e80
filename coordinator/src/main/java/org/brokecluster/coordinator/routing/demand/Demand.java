package org.brokecluster.coordinator.routing.demand;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.brokecluster.protocol.id.ModelId;

/**
 * How often each model is given a request, and how long that takes it: lately, as a sum that decays
 * with {@link DemandSettings#memory}, and usually, for each hour of a working day and of a weekend.
 * A usual hour is the mean over days in which the last one counts {@value #NEWEST}. Hours are those
 * of UTC, so that every router counts alike.
 *
 * <p>Pure: time comes in. Bounded by {@link DemandSettings#models}; the model asked for longest ago
 * goes first. Not thread safe.
 */
public final class Demand {
  private static final double NEWEST = 0.4;
  private static final double HARDLY = 0.01;
  private static final int HOURS = 24;
  private static final double HOUR_MS = 3_600_000;

  private final DemandSettings settings;
  private final Map<ModelId, Line> lines = new LinkedHashMap<>(16, 0.75f, true);

  /** One model. */
  private static final class Line {
    private final double[] usual = new double[2 * HOURS];
    private double recent;
    private double serviceMs;
    private long recentMillis;
    private long hour = Long.MIN_VALUE;
    private double thisHour;
  }

  /** Nobody has asked for anything. */
  public Demand(DemandSettings settings) {
    this.settings = settings;
  }

  /**
   * A model is given a request.
   *
   * @param serviceMs predicted time of reading and answering, without waiting, at least 0
   */
  public void asked(ModelId model, double serviceMs, Instant at, long nowMillis) {
    var line = lines.computeIfAbsent(model, each -> new Line());
    double before = recent(line, nowMillis);
    line.serviceMs = (line.serviceMs * before + serviceMs) / (before + 1);
    line.recent = before + 1;
    line.recentMillis = Math.max(line.recentMillis, nowMillis);
    turn(line, at);
    line.thisHour++;
    if (lines.size() > settings.models()) {
      var eldest = lines.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  /** Requests a second lately; 0 for a model nobody asked for. */
  public double perSecond(ModelId model, long nowMillis) {
    var line = lines.get(model);
    return line == null ? 0 : recent(line, nowMillis) / (settings.memory().toMillis() / 1000.0);
  }

  /**
   * Requests that usually come in the hour of this instant; 0 while that is not known. Days since
   * the last request count as days without one.
   */
  public double usualPerHour(ModelId model, Instant at) {
    var line = lines.get(model);
    if (line == null) {
      return 0;
    }
    long hour = hourOf(at);
    int slot = slot(hour);
    double usual = line.usual[slot];
    for (long day = hour - HOURS; day > line.hour && usual > HARDLY; day -= HOURS) {
      usual -= slot(day) == slot ? NEWEST * usual : 0;
    }
    return usual;
  }

  /** Mean time of reading and answering lately, in milliseconds; 0 if unknown. */
  public double serviceMs(ModelId model) {
    var line = lines.get(model);
    return line == null ? 0 : line.serviceMs;
  }

  /** Models remembered. */
  public int size() {
    return lines.size();
  }

  private double recent(Line line, long nowMillis) {
    double age = Math.max(0, nowMillis - line.recentMillis);
    return line.recent * Math.exp(-age / settings.memory().toMillis());
  }

  /**
   * Closes the hour that was counted, if another one has begun; hours without a request count 0.
   */
  private static void turn(Line line, Instant at) {
    long hour = hourOf(at);
    if (hour <= line.hour) {
      return;
    }
    if (line.hour != Long.MIN_VALUE) {
      learn(line, line.hour, line.thisHour);
      long silent = Math.max(line.hour + 1, hour - 7 * HOURS);
      for (long each = silent; each < hour; each++) {
        learn(line, each, 0);
      }
    }
    line.hour = hour;
    line.thisHour = 0;
  }

  private static void learn(Line line, long hour, double count) {
    int slot = slot(hour);
    line.usual[slot] += NEWEST * (count - line.usual[slot]);
  }

  private static long hourOf(Instant at) {
    return Math.floorDiv(at.toEpochMilli(), (long) HOUR_MS);
  }

  private static int slot(long hour) {
    var day =
        OffsetDateTime.ofInstant(Instant.ofEpochSecond(hour * 3_600), ZoneOffset.UTC)
            .getDayOfWeek();
    boolean weekend = day == DayOfWeek.SATURDAY || day == DayOfWeek.SUNDAY;
    return (int) Math.floorMod(hour, (long) HOURS) + (weekend ? HOURS : 0);
  }
}
