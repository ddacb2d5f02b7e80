package org.brokecluster.protocol.state;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a machine is at the moment. Whatever could not be read is absent, never zero. Written as an
 * array to keep a {@code NodeLoad} small; new components are added at the end.
 *
 * @param pressure how short of memory the system is
 * @param availableBytes memory that is free or could be made so without swapping
 * @param swapUsedBytes memory that was moved to disk
 * @param power where the electricity comes from
 * @param batteryPercent charge of the battery, 0 to 100; absent where there is none
 * @param thermal how hot it is
 * @param speedLimitPercent speed that heat leaves to the processor, 1 to 100
 * @param cpuPercent share of the processor that all programs use together, 0 to 100
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record MachineLoad(
    @Nullable Pressure pressure,
    @Nullable Long availableBytes,
    @Nullable Long swapUsedBytes,
    @Nullable Power power,
    @Nullable Integer batteryPercent,
    @Nullable Thermal thermal,
    @Nullable Integer speedLimitPercent,
    @Nullable Integer cpuPercent) {
  /** Nothing could be read. */
  public static final MachineLoad UNKNOWN =
      new MachineLoad(null, null, null, null, null, null, null, null);

  /** How short of memory a system is. */
  public enum Pressure {
    /** There is enough. */
    NORMAL,
    /** Programs are asked to give memory back. */
    WARN,
    /** The system ends programs to get memory. */
    CRITICAL;

    /** Lower-case name as users see it. */
    @JsonValue
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** For JSON. */
    @JsonCreator
    static Pressure fromLabel(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  /** Where electricity comes from. */
  public enum Power {
    /** The socket in the wall. */
    MAINS,
    /** A battery, which will be empty some day. */
    BATTERY;

    /** Lower-case name as users see it. */
    @JsonValue
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** For JSON. */
    @JsonCreator
    static Power fromLabel(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  /** How hot a machine is, in Apple's four steps. */
  public enum Thermal {
    /** Cool enough to run at full speed. */
    NOMINAL,
    /** Warm; fans may be heard. */
    FAIR,
    /** Hot; the processor is slowed down. */
    SERIOUS,
    /** Too hot; work has to stop. */
    CRITICAL;

    /** Lower-case name as users see it. */
    @JsonValue
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** For JSON. */
    @JsonCreator
    static Thermal fromLabel(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }
}
