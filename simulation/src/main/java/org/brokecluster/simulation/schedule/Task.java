package org.brokecluster.simulation.schedule;

/**
 * One request on one Mac: it waits there for a stream, then its prompt is read, then it answers.
 */
final class Task {
  private final Job job;
  private final int attempt;
  private final Mac mac;
  private final double givenMs;
  private double startedMs = -1;
  private double firstTokenMs = -1;
  private int cachedTokens;
  private double unread;
  private double unmade;

  Task(Job job, int attempt, Mac mac, double givenMs) {
    this.job = job;
    this.attempt = attempt;
    this.mac = mac;
    this.givenMs = givenMs;
    this.unread = job.promptTokens();
    this.unmade = job.answerTokens();
  }

  Job job() {
    return job;
  }

  int attempt() {
    return attempt;
  }

  Mac mac() {
    return mac;
  }

  double givenMs() {
    return givenMs;
  }

  boolean started() {
    return startedMs >= 0;
  }

  boolean reading() {
    return started() && unread > 0;
  }

  boolean making() {
    return started() && unread <= 0 && unmade > 0;
  }

  boolean over() {
    return started() && unread <= 0 && unmade <= 0;
  }

  int cachedTokens() {
    return cachedTokens;
  }

  double firstTokenMs() {
    return firstTokenMs;
  }

  double unread() {
    return unread;
  }

  double unmade() {
    return unmade;
  }

  void start(double nowMs, int cached) {
    startedMs = nowMs;
    cachedTokens = cached;
    unread = job.promptTokens() - cached;
  }

  /**
   * Lets time pass while nothing else changes.
   *
   * @param readPerMs prompt tokens read in a millisecond
   * @param madePerMs tokens made in a millisecond
   */
  void advance(double untilMs, double ms, double readPerMs, double madePerMs) {
    if (reading()) {
      unread -= ms * readPerMs;
      if (unread < 1e-6) {
        unread = 0;
      }
    } else if (making()) {
      boolean first = firstTokenMs < 0;
      unmade -= ms * madePerMs;
      if (unmade < 1e-6) {
        unmade = 0;
      }
      if (first) {
        firstTokenMs = untilMs;
      }
    }
  }

  /** Time until its state changes at these speeds. */
  double nextMs(double readPerMs, double madePerMs) {
    return reading() ? unread / readPerMs : unmade / madePerMs;
  }

  /** The prompt has just been read: the first token follows at once. */
  void read(double nowMs) {
    if (making() && firstTokenMs < 0) {
      firstTokenMs = nowMs;
    }
  }
}
