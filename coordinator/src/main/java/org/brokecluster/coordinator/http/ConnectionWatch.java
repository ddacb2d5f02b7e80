package org.brokecluster.coordinator.http;

/**
 * Tells when the client at the other end of a connection is gone: it closed its side, reset the
 * connection, or the connection ended in any other way. Noticed within milliseconds also while a
 * request is being worked on and nothing is being sent. Safe from any thread.
 */
public interface ConnectionWatch {
  /**
   * Calls {@code listener} once when the client is gone; at once, on the caller's thread, if it is
   * already. Otherwise the call comes from the connection's thread: the listener must be quick and
   * must not throw. A connection outlives its requests, so who has registered must also close.
   */
  Registration onGone(Runnable listener);

  /** Whether the client is gone. */
  boolean gone();

  /** A listener that waits. */
  @FunctionalInterface
  interface Registration extends AutoCloseable {
    /** Forgets the listener; harmless when repeated. */
    @Override
    void close();
  }
}
