package org.brokecluster.coordinator.collect;

/**
 * A text that lets itself be looked at so many times only. A pattern that goes back and forth
 * without end is stopped by it, whatever engine runs it. Not thread safe.
 */
final class BudgetedText implements CharSequence {
  private final String text;
  private long looksLeft;

  BudgetedText(String text, long looks) {
    this.text = text;
    this.looksLeft = looks;
  }

  /** A pattern needs more looks than a text may cost. */
  static final class TooSlow extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooSlow() {
      super("a pattern takes too long", null, false, false);
    }
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    if (--looksLeft < 0) {
      throw new TooSlow();
    }
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
