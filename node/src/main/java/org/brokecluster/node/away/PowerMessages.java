package org.brokecluster.node.away;

import java.util.function.LongConsumer;

/**
 * What macOS says about sleep, and what it wants to hear: the part of {@link MacSleep} that needs
 * no Mac. Numbers are those of {@code IOKit/IOMessage.h}.
 */
final class PowerMessages {
  /** The system asks whether it may sleep because nobody uses it. */
  static final int CAN_SLEEP = 0xe0000270;

  /** The system will sleep, and waits up to 30 s for an answer. */
  static final int WILL_SLEEP = 0xe0000280;

  /** Somebody forbade the sleep after all. */
  static final int WILL_NOT_SLEEP = 0xe0000290;

  /** The system is awake. */
  static final int HAS_POWERED_ON = 0xe0000300;

  private final SleepSource.Listener listener;
  private final LongConsumer allow;

  /**
   * Tells a listener.
   *
   * @param allow answers a message by its number
   */
  PowerMessages(SleepSource.Listener listener, LongConsumer allow) {
    this.listener = listener;
    this.allow = allow;
  }

  /** A message came. */
  void heard(int type, long number) {
    switch (type) {
      case CAN_SLEEP -> allow.accept(number);
      case WILL_SLEEP -> listener.goingToSleep(() -> allow.accept(number));
      case WILL_NOT_SLEEP, HAS_POWERED_ON -> listener.awake();
      default -> {} // about the power of other things
    }
  }
}
