package org.brokecluster.coordinator.routing.model;

/**
 * What the options of a multiple choice look like: how long and how alike they are, whether they
 * are numbers or sentences, and how many of their words the question has too. Each option is read
 * once; all figures are 0 without options.
 */
final class OptionFigures {
  /** Number of figures. */
  static final int COUNT = 17;

  /** Options beyond these are not looked at. */
  static final int OPTIONS_MAX = 16;

  private final char[] text;
  private final int count;
  private final WordSet stem;
  private final WordSet own;
  private final WordSet firsts = new WordSet(OPTIONS_MAX);
  private double lengths;
  private double squares;
  private int shortest = Integer.MAX_VALUE;
  private int longest;
  private int last;
  private int numeric;
  private int wordless;
  private int capitals;
  private int words;
  private int known;
  private int digits;
  private int commas;
  private int brackets;
  private int formulas;

  private OptionFigures(char[] text, int stemEnd, int count) {
    this.text = text;
    this.count = count;
    this.stem = new WordSet(stemEnd / 2);
    this.own = new WordSet((text.length - stemEnd) / 2);
  }

  /**
   * The figures.
   *
   * @param starts where each option begins, behind its letter
   * @param count how many of them there are
   */
  static float[] of(char[] text, int[] starts, int count) {
    if (count < 2) {
      return new float[COUNT];
    }
    var options = new OptionFigures(text, starts[0], count);
    options.readStem(starts[0]);
    for (int i = 0; i < count; i++) {
      options.read(starts[i], i + 1 < count ? starts[i + 1] - 2 : text.length);
    }
    return options.figures();
  }

  private void readStem(int end) {
    int i = 0;
    while (i < end) {
      int next = wordEnd(i, end);
      if (next > i) {
        stem.add(hash(i, next));
      }
      i = Math.max(next, i + 1);
    }
  }

  private void read(int start, int limit) {
    int from = start;
    int end = limit;
    while (from < end && text[from] <= ' ') {
      from++;
    }
    while (end > from && text[end - 1] <= ' ') {
      end--;
    }
    int length = end - from;
    lengths += length;
    squares += (double) length * length;
    shortest = Math.min(shortest, length);
    longest = Math.max(longest, length);
    last = length;
    capitals += length > 0 && text[from] >= 'A' && text[from] <= 'Z' ? 1 : 0;
    readWords(from, end);
  }

  private void readWords(int from, int end) {
    boolean letter = false;
    boolean number = false;
    boolean first = true;
    int i = from;
    while (i < end) {
      int next = wordEnd(i, end);
      if (next == i) {
        symbol(text[i]);
        i++;
        continue;
      }
      int hash = hash(i, next);
      if (first) {
        firsts.add(hash);
        first = false;
      }
      known += stem.has(hash) ? 1 : 0;
      own.add(hash);
      words++;
      boolean isNumber = PromptFeatures.isDigit(text[i]);
      number |= isNumber && !letter;
      letter |= !isNumber;
      digits += isNumber ? next - i : 0;
      i = next;
    }
    numeric += number ? 1 : 0;
    wordless += letter ? 0 : 1;
  }

  private void symbol(char c) {
    commas += c == ',' ? 1 : 0;
    brackets += c == '(' ? 1 : 0;
    formulas += c == '\\' || c == '$' || c == '^' || c == '/' ? 1 : 0;
  }

  /** End of the run of letters or of digits here; the place itself if there is none. */
  private int wordEnd(int start, int limit) {
    int i = start;
    if (PromptFeatures.isDigit(text[i])) {
      while (i < limit && PromptFeatures.isDigit(text[i])) {
        i++;
      }
    } else {
      while (i < limit && PromptFeatures.isLetter(PromptFeatures.lower(text[i]))) {
        i++;
      }
    }
    return i;
  }

  private int hash(int start, int end) {
    int hash = 1;
    for (int i = start; i < end; i++) {
      hash = hash * 31 + PromptFeatures.lower(text[i]);
    }
    return hash == 0 ? 1 : hash;
  }

  private float[] figures() {
    double mean = lengths / count;
    double deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
    double perWord = Math.max(1, words);
    double[] all = {
      Math.log1p(mean),
      Math.log1p(deviation),
      Math.log1p(shortest),
      Math.log1p(longest),
      Math.log1p(last),
      share(numeric),
      share(wordless),
      share(capitals),
      Math.log1p(share(words)),
      share(known) == 0 ? 0 : known / perWord,
      own.size() / perWord,
      firsts.size() / (double) count,
      Math.log1p(share(digits)),
      Math.log1p(share(commas)),
      Math.log1p(share(brackets)),
      Math.log1p(share(formulas)),
      1,
    };
    var figures = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      figures[i] = (float) all[i];
    }
    return figures;
  }

  private double share(int sum) {
    return (double) sum / count;
  }

  /** Hashes of words other than 0, in a table with open addressing. */
  private static final class WordSet {
    private final int[] table;
    private int size;

    WordSet(int words) {
      table = new int[Integer.highestOneBit(Math.max(8, words)) * 4];
    }

    void add(int hash) {
      int at = slot(hash);
      size += table[at] == 0 ? 1 : 0;
      table[at] = hash;
    }

    boolean has(int hash) {
      return table[slot(hash)] == hash;
    }

    int size() {
      return size;
    }

    private int slot(int hash) {
      int at = ((hash * 0x9E3779B1) >>> 7) & (table.length - 1);
      while (table[at] != 0 && table[at] != hash) {
        at = (at + 1) & (table.length - 1);
      }
      return at;
    }
  }
}
