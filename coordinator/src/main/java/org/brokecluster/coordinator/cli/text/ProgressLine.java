package org.brokecluster.coordinator.cli.text;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Shows how something goes: on a terminal one line that is written over again and again, elsewhere
 * a line now and then. Thread safe.
 */
public final class ProgressLine {
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Set by the launcher if standard error is a terminal; Java itself cannot tell. */
  private static final String TERMINAL = "broke.terminal";

  private final PrintWriter out;
  private final boolean terminal;
  private final int room;
  private final LongSupplier nanoTime;
  private String shown = "";
  private long shownNanos;
  private boolean begun;

  /** As on a terminal with room for so many characters in a line, or elsewhere. */
  ProgressLine(PrintWriter out, boolean terminal, int room, LongSupplier nanoTime) {
    this.room = room;
    this.out = out;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  /** On this process's terminal, if it has one. */
  public static ProgressLine on(PrintWriter out) {
    return new ProgressLine(
        out, Boolean.getBoolean(TERMINAL), Table.columns() - 1, System::nanoTime);
  }

  /** For those who want to see nothing. */
  public static ProgressLine silent() {
    return new ProgressLine(
        new PrintWriter(Writer.nullWriter()), false, Integer.MAX_VALUE, System::nanoTime);
  }

  /** Says where things stand; what a terminal has no room for is cut off, to stay in one line. */
  public synchronized void show(String whole) {
    var text = terminal && whole.length() > room ? whole.substring(0, room) : whole;
    if (text.equals(shown)) {
      return;
    }
    long now = nanoTime.getAsLong();
    if (terminal) {
      var rest = " ".repeat(Math.max(0, shown.length() - text.length()));
      out.print("\r" + text + rest);
      out.flush();
    } else if (!begun || now - shownNanos >= QUIET_NANOS) {
      out.println(text);
      out.flush();
      shownNanos = now;
    } else {
      return;
    }
    begun = true;
    shown = text;
  }

  /** Takes the line away; what follows begins at the start of a line. */
  public synchronized void clear() {
    if (terminal && begun) {
      out.print("\r" + " ".repeat(shown.length()) + "\r");
      out.flush();
    }
    shown = "";
  }
}
