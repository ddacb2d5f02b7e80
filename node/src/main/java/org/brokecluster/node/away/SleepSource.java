package org.brokecluster.node.away;

/** Tells when the system announces that this machine goes to sleep. */
public interface SleepSource extends AutoCloseable {

  /** Hears of it, on a thread of the source; must be quick and must not throw. */
  interface Listener {
    /**
     * The machine goes to sleep.
     *
     * @param allow to be run when everything is done that has to be; the system does not wait for
     *     ever
     */
    void goingToSleep(Runnable allow);

    /** The machine is awake again, or does not sleep after all. */
    void awake();
  }

  /** Begins to listen; does nothing where the system has no such thing. */
  void start(Listener listener);

  /** Stops listening. */
  @Override
  void close();

  /** A system that announces nothing: its sleep is seen on waking only. */
  SleepSource NONE =
      new SleepSource() {
        @Override
        public void start(Listener listener) {
          // Nothing will ever be heard.
        }

        @Override
        public void close() {
          // Nothing was begun.
        }
      };
}
