package org.brokecluster.coordinator.cli.ask;

import java.util.concurrent.TimeUnit;
import org.brokecluster.coordinator.cli.text.Figures;
import org.brokecluster.coordinator.cli.text.ProgressLine;

/**
 * Says that an answer has not begun yet, how long that has been, and why, if its stream says so.
 * Not thread safe.
 */
final class Patience {
  private static final String SIGN_OF_LIFE = "keep-alive";

  private final ProgressLine line;
  private boolean shown;
  private boolean over;

  /** Says it on this line. */
  Patience(ProgressLine line) {
    this.line = line;
  }

  /** A line of the stream came this long after the call; to be told before it is printed. */
  void comes(String streamed, long millis) {
    if (streamed.startsWith("data:")) {
      ends();
    } else if (streamed.startsWith(": ") && !over) {
      var comment = streamed.substring(": ".length());
      var why = comment.equals(SIGN_OF_LIFE) ? "waiting" : comment;
      long seconds = TimeUnit.MILLISECONDS.toSeconds(millis);
      line.show("%s, for %s".formatted(why, Figures.millis(TimeUnit.SECONDS.toMillis(seconds))));
      shown = true;
    }
  }

  /** There is nothing to wait for any more. */
  void ends() {
    if (shown && !over) {
      line.clear();
    }
    over = true;
  }
}
