package org.brokecluster.node.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.brokecluster.node.hardware.Hardware;
import org.brokecluster.node.memory.MemoryLedger;

/**
 * Where runtimes live.
 *
 * @param environment variables of this process: home, path, API keys
 * @param dataDir where this host keeps what it keeps
 * @param ledger the account of the machine's memory
 */
public record RuntimePlace(
    Hardware hardware,
    Map<String, String> environment,
    Path dataDir,
    MeterRegistry meters,
    MemoryLedger ledger) {
  /** Whether this is a Mac, where people expect MLX to be at work. */
  boolean isMac() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");
  }
}
