package org.brokecluster.coordinator.history;

/**
 * Whether the database is open, for everybody to read.
 *
 * @param phase where it stands
 * @param reason why it is not open; empty if it is
 */
record HistoryStatus(Phase phase, String reason) {
  static final HistoryStatus OPENING = new HistoryStatus(Phase.OPENING, "is being opened");
  static final HistoryStatus OPEN = new HistoryStatus(Phase.OPEN, "");
  static final HistoryStatus CLOSED = new HistoryStatus(Phase.OFF, "is closed");
  static final HistoryStatus DISABLED =
      new HistoryStatus(Phase.OFF, "is switched off by broke.history.enabled");

  enum Phase {
    OPENING,
    OPEN,
    OFF
  }

  static HistoryStatus off(String reason) {
    return new HistoryStatus(Phase.OFF, reason);
  }

  /** Where it stands while no term is written: {@code behind}, {@code ok} or {@code off}. */
  String word() {
    return switch (phase) {
      case OPENING -> "behind";
      case OPEN -> "ok";
      case OFF -> "off";
    };
  }

  boolean isOpen() {
    return phase == Phase.OPEN;
  }
}
