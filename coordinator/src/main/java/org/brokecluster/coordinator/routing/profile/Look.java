package org.brokecluster.coordinator.routing.profile;

/**
 * What the letters and signs of a short prompt tell whatever its language: that it is a sum, that
 * it has no words, that it names a year and somebody. Says nothing of prompts of more than {@value
 * #CHARS_MAX} characters.
 *
 * @param sum whether it is hardly more than short numbers with signs between them, with one unknown
 *     at most and no formula typeset
 * @param wordless whether it has neither letters nor digits
 * @param years numbers that may be years
 * @param numbers all other numbers
 * @param names capital letters at the start of words that do not begin a sentence
 * @param lines lines of text
 */
record Look(boolean sum, boolean wordless, int years, int numbers, int names, int lines) {
  private static final int CHARS_MAX = 400;
  private static final int SUM_CHARS_MAX = 80;
  private static final int SUM_NUMBERS_MAX = 5;
  private static final int SUM_DIGITS_MAX = 4;
  private static final int SUM_WORDS_MAX = 5;
  private static final int YEAR_FROM = 1100;
  private static final int YEAR_TO = 2100;
  private static final String SIGNS = "+-*/×÷^%=";
  private static final String FORMULA = "$\\_{}";
  private static final Look NOTHING = new Look(false, false, 0, 0, 0, 0);

  /** Looks at a prompt. */
  static Look at(String text) {
    if (text.isBlank() || text.length() > CHARS_MAX) {
      return NOTHING;
    }
    var scan = new Scan(text);
    scan.run();
    boolean numbered = scan.years + scan.numbers > 0;
    boolean sum =
        text.length() <= SUM_CHARS_MAX
            && scan.signs > 0
            && !scan.formula
            && numbered
            && scan.years + scan.numbers <= SUM_NUMBERS_MAX
            && scan.digits <= SUM_DIGITS_MAX
            && scan.words <= SUM_WORDS_MAX
            && scan.oneUnknown;
    boolean wordless = !numbered && !scan.lettered;
    int lines = (int) text.strip().lines().count();
    return new Look(sum, wordless, scan.years, scan.numbers, scan.names, lines);
  }

  /** One pass over a text. */
  private static final class Scan {
    private final String text;
    private int years;
    private int numbers;
    private int digits;
    private int names;
    private int words;
    private int signs;
    private char unknown;
    private boolean oneUnknown = true;
    private boolean lettered;
    private boolean formula;
    private boolean begins = true;

    Scan(String text) {
      this.text = text;
    }

    void run() {
      int i = 0;
      while (i < text.length()) {
        char c = text.charAt(i);
        if (isDigit(c)) {
          i = number(i);
        } else if (Character.isLetter(c)) {
          i = word(i);
        } else {
          formula |= FORMULA.indexOf(c) >= 0;
          signs += SIGNS.indexOf(c) >= 0 && reckons(i) ? 1 : 0;
          begins |= c == '.' || c == '?' || c == '!' || c == '\n';
          i++;
        }
      }
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }

    private int number(int start) {
      int end = start;
      while (end < text.length() && isDigit(text.charAt(end))) {
        end++;
      }
      digits = Math.max(digits, end - start);
      formula |= end - start > 1 && start > 0 && text.charAt(start - 1) == '^';
      boolean bare = start == 0 || FORMULA.indexOf(text.charAt(start - 1)) < 0;
      int value = bare && end - start == 4 ? Integer.parseInt(text.substring(start, end)) : 0;
      if (value >= YEAR_FROM && value < YEAR_TO) {
        years++;
      } else {
        numbers++;
      }
      begins = false;
      return end;
    }

    private int word(int start) {
      int end = start;
      while (end < text.length() && Character.isLetter(text.charAt(end))) {
        end++;
      }
      lettered = true;
      if (end - start == 1) {
        char letter = Character.toLowerCase(text.charAt(start));
        oneUnknown &= unknown == 0 || unknown == letter;
        unknown = letter;
      } else {
        words++;
        names += !begins && Character.isUpperCase(text.charAt(start)) ? 1 : 0;
      }
      begins = false;
      return end;
    }

    /** Whether a sign stands behind a number, an unknown or a bracket. */
    private boolean reckons(int sign) {
      int before = sign - 1;
      while (before >= 0 && text.charAt(before) == ' ') {
        before--;
      }
      if (before < 0) {
        return false;
      }
      char c = text.charAt(before);
      boolean alone = before == 0 || !Character.isLetter(text.charAt(before - 1));
      return isDigit(c) || c == ')' || (Character.isLetter(c) && alone);
    }
  }
}
