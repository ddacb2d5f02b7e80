package org.brokecluster.coordinator.http.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How many files the system lets this process open, sockets among them. Where there is none left,
 * no connection can be accepted or refused any more, and nothing can be read that was not open
 * before: connections stop short of that.
 *
 * @param limit files and sockets that may be open at the same time
 * @param open of those that are
 */
record FileLimit(long limit, long open) {
  /** Half of what is free; the rest is for model servers, machines and the disk. */
  private static final int SHARE = 2;

  private static final int CONNECTIONS_MIN = 4;

  static FileLimit ofThisProcess() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? new FileLimit(unix.getMaxFileDescriptorCount(), unix.getOpenFileDescriptorCount())
        : new FileLimit(Long.MAX_VALUE, 0);
  }

  /** Connections that may be served at once, of those that are wanted. */
  int connections(int wanted) {
    return (int) Math.min(wanted, Math.max(CONNECTIONS_MIN, (limit - open) / SHARE));
  }

  @Override
  public String toString() {
    return "a process may open "
        + limit
        + " files here (ulimit -n), of which "
        + open
        + " are open";
  }
}
