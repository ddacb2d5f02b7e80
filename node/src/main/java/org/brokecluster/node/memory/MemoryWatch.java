package org.brokecluster.node.memory;

import java.util.OptionalLong;
import org.brokecluster.protocol.state.MachineLoad;
import org.brokecluster.protocol.state.MachineLoad.Pressure;

/**
 * What the state of the machine's memory means for its models. Pure.
 *
 * @param available what the system can still give, told only while it is short of memory
 * @param giveUp whether the model that is least worth keeping has to go now
 * @param warn whether models fill so much of what they may take that the operator should know
 */
public record MemoryWatch(OptionalLong available, boolean giveUp, boolean warn) {
  /** Below the warning by this share it is taken back, so that it does not come and go. */
  private static final double CALM = 0.05;

  /**
   * Judges one look at the machine.
   *
   * <p>While the system is short of memory, models only take what it says it has; while it is about
   * to end programs, one idle model goes with every look until it no longer is.
   *
   * @param warned whether the operator was warned at the last look
   */
  public static MemoryWatch of(
      MachineLoad machine, MemoryLedger ledger, double warning, boolean warned) {
    var pressure = machine.pressure();
    boolean isShort = pressure == Pressure.WARN || pressure == Pressure.CRITICAL;
    var available = machine.availableBytes();
    var limit = ledger.limit();
    double from = warned ? warning - CALM : warning;
    return new MemoryWatch(
        isShort && available != null ? OptionalLong.of(available) : OptionalLong.empty(),
        pressure == Pressure.CRITICAL,
        limit.known() && ledger.taken() >= from * limit.bytes());
  }
}
