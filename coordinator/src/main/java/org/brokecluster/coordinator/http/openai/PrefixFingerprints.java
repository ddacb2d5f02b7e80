package org.brokecluster.coordinator.http.openai;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.brokecluster.protocol.router.RequestFacts;

/**
 * Fingerprints of a prompt's growing prefixes. Two prompts that begin with the same text share the
 * fingerprints of what they share, so that the router can tell which node's cache has most of a
 * prompt, without seeing any of it.
 *
 * <p>The canonical text is, in order: the tools, then each message as its role, its text and
 * images, and an end mark. A 64-bit FNV-1a hash runs over its characters; at each border its value,
 * mixed once more, is a fingerprint. Borders are
 *
 * <ul>
 *   <li>the ends of the first {@value #FIRST} messages: system prompts that many users share,
 *   <li>the ends of the last {@value #LAST} messages: the same conversation one turn later,
 *   <li>every {@value #BLOCK} characters, about 1,000 tokens: long documents. The distance doubles
 *       as often as needed to stay within {@value #BLOCKS} borders, so that prompts of different
 *       length still meet at the multiples of the larger distance.
 * </ul>
 *
 * <p>Collisions at 64 bits only cost a wrong guess about a cache. Not thread safe.
 */
public final class PrefixFingerprints {
  private static final int FIRST = 4;
  private static final int LAST = 16;
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 40;

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /** Ends a message or a part; cannot be mistaken for text, which has no unpaired noncharacter. */
  private static final String MARK = "\uFFFF";

  private long hash = FNV_OFFSET;
  private long length;
  private long distance = BLOCK;
  private List<Border> blocks = new ArrayList<>();
  private final List<Border> first = new ArrayList<>(FIRST);
  private final Deque<Border> last = new ArrayDeque<>(LAST);

  private record Border(long at, long fingerprint) {}

  /** Adds text of the current message. */
  public void text(String text) {
    int count = text.length();
    int done = 0;
    while (done < count) {
      long untilBorder = distance - length % distance;
      int end = (int) Math.min(count, done + untilBorder);
      length += end - done;
      done = run(text, done, end);
      if (length % distance == 0) {
        block();
      }
    }
  }

  /** Separates what belongs together but must not run into each other, such as role and text. */
  public void mark() {
    text(MARK);
  }

  /** Ends a message. */
  public void endMessage() {
    mark();
    var border = new Border(length, mixed());
    if (first.size() < FIRST) {
      first.add(border);
      return;
    }
    if (last.size() == LAST) {
      last.removeFirst();
    }
    last.addLast(border);
  }

  /** The fingerprints, shortest prefix first; at most {@value RequestFacts#PREFIX_MAX}. */
  public List<Long> build() {
    return borders().stream().map(Border::fingerprint).toList();
  }

  /**
   * How many tokens each of the prefixes has, taking all parts of the prompt to be alike.
   *
   * @param promptTokens tokens of the whole, at least 1
   */
  public List<Integer> tokens(int promptTokens) {
    double each = promptTokens / (double) Math.max(1, length);
    return borders().stream().map(border -> (int) Math.round(border.at() * each)).toList();
  }

  private List<Border> borders() {
    var all = new ArrayList<Border>(first.size() + last.size() + blocks.size());
    all.addAll(first);
    all.addAll(last);
    all.addAll(blocks);
    if (!blocks.isEmpty()) {
      all.sort(Comparator.comparingLong(Border::at));
    }
    var result = new ArrayList<Border>(all.size());
    long before = -1;
    for (var border : all) {
      if (border.at() != before) {
        result.add(border);
      }
      before = border.at();
    }
    return result;
  }

  private int run(String text, int from, int to) {
    long h = hash;
    for (int i = from; i < to; i++) {
      h = (h ^ text.charAt(i)) * FNV_PRIME;
    }
    hash = h;
    return to;
  }

  private void block() {
    blocks.add(new Border(length, mixed()));
    if (blocks.size() > BLOCKS) {
      distance *= 2;
      blocks =
          new ArrayList<>(blocks.stream().filter(border -> border.at() % distance == 0).toList());
    }
  }

  /** The finalizer of MurmurHash3: spreads the last characters over all bits. */
  private long mixed() {
    long h = hash;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
