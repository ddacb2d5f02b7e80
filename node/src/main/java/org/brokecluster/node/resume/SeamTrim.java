package org.brokecluster.node.resume;

import java.util.ArrayList;
import java.util.List;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.protocol.node.TokenChunk;

/**
 * Joins the answer of a model that was asked to go on to what the client has: thinking is left out,
 * and words said again at the seam are cut.
 */
final class SeamTrim extends ResumeListener {
  /** Text looked at before the first of it is let out; bounds the overlap, too. */
  static final int LOOK_AHEAD = 240;

  /** A shorter overlap counts only if it is a whole word of what was sent: it may be chance. */
  private static final int SURE_OVERLAP = 12;

  private final String sent;
  private final List<String> pieces = new ArrayList<>();
  private int kept;
  private boolean joined;

  SeamTrim(GenerationListener out, String sent) {
    super(out);
    this.sent = sent;
    this.joined = sent.isEmpty();
  }

  @Override
  void take(TokenChunk chunk) {
    switch (chunk.kind()) {
      case REASONING, LOGPROBS -> keptBack();
      case TOOL_CALL -> {
        join();
        pass(chunk);
      }
      case CONTENT -> content(chunk);
    }
  }

  @Override
  boolean flush() {
    join();
    return true;
  }

  private void content(TokenChunk chunk) {
    if (joined) {
      pass(chunk);
      return;
    }
    pieces.add(chunk.text());
    kept += chunk.text().length();
    if (kept >= LOOK_AHEAD) {
      join();
    } else {
      keptBack();
    }
  }

  private void join() {
    if (joined) {
      return;
    }
    joined = true;
    var all = String.join("", pieces);
    var rest = seam(sent, all);
    boolean parted = !all.endsWith(rest);
    int cut = all.length() - rest.length() + (parted ? 1 : 0);
    letOut(cut, parted ? rest.substring(0, 1) : "");
    pieces.clear();
  }

  /** Lets the pieces out one by one, so that they are counted as what they are. */
  private void letOut(int cut, String before) {
    int left = cut;
    var lead = before;
    for (var piece : pieces) {
      var text = lead + piece.substring(Math.min(left, piece.length()));
      left -= Math.min(left, piece.length());
      if (left == 0 && !text.isEmpty()) {
        pass(TokenChunk.content(text));
        lead = "";
      }
    }
  }

  /** The continuation without what repeats the end of {@code sent}. */
  static String seam(String sent, String continuation) {
    var text = withoutDots(continuation);
    var lead = text.stripLeading();
    int most = Math.min(LOOK_AHEAD, Math.min(sent.length(), lead.length()));
    for (int length = most; length > 0; length--) {
      if (overlaps(sent, lead, length)) {
        return lead.substring(length);
      }
    }
    return gap(sent, text) ? " " + text : text;
  }

  private static boolean overlaps(String sent, String text, int length) {
    int from = sent.length() - length;
    if (!text.startsWith(sent.substring(from))) {
      return false;
    }
    boolean wholeWord = from == 0 || !isWord(sent.charAt(from - 1));
    return length >= SURE_OVERLAP || (wholeWord && isWord(sent.charAt(from)));
  }

  private static String withoutDots(String text) {
    var lead = text.stripLeading();
    if (lead.startsWith("...")) {
      return lead.substring("...".length());
    }
    return lead.startsWith("\u2026") ? lead.substring(1) : text;
  }

  /** Whether two words would grow into one. */
  private static boolean gap(String sent, String text) {
    return !sent.isEmpty()
        && !text.isEmpty()
        && isWord(sent.charAt(sent.length() - 1))
        && isWord(text.charAt(0));
  }

  private static boolean isWord(char sign) {
    return Character.isLetterOrDigit(sign);
  }
}
