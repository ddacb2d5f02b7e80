package org.brokecluster.coordinator.request;

import java.time.Duration;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.requests} section: bounds of the requests under way on one edge.
 *
 * @param max requests under way at the same time; more are refused with 503
 * @param congestion bytes from which the node is made to wait
 * @param headersAfter longest wait for a node before a stream's headers go out without its name
 * @param total longest a request may take if its client does not say
 * @param reportsMax reports of ended attempts that may wait for a router
 * @param keep answers kept for clients that come back
 */
public record RequestSettings(
    int max,
    int congestion,
    Duration headersAfter,
    Duration total,
    int reportsMax,
    LifeLimits limits,
    RescueSettings rescue,
    BeatSettings beats,
    KeepSettings keep) {

  /**
   * Reads and checks the section, {@code broke.limits}, {@code broke.rescue}, {@code broke.beats}
   * and {@code broke.keep}.
   */
  public static RequestSettings from(SettingsReader reader) {
    var at = "broke.requests.";
    int congestion = (int) reader.bytes(at + "congestion", 1024, 16 << 20);
    return new RequestSettings(
        reader.integer(at + "max", 1, 100_000),
        congestion,
        reader.duration(at + "headers-after", Duration.ZERO, Duration.ofMinutes(1)),
        reader.duration(at + "total", Duration.ofSeconds(1), Duration.ofDays(1)),
        reader.integer(at + "reports-max", 10, 1_000_000),
        LifeLimits.from(reader),
        RescueSettings.from(reader),
        BeatSettings.from(reader),
        KeepSettings.from(reader));
  }
}
