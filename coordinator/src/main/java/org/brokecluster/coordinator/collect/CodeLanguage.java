package org.brokecluster.coordinator.collect;

import java.util.Locale;
import java.util.Map;

/** The programming language of a text, by the names that MultiPL-E has for them. Pure. */
final class CodeLanguage {
  /** Where nothing tells of a program. */
  static final String NONE = "text";

  private static final String FENCE = "```";
  private static final int LABEL_MAX = 20;

  private static final Map<String, String> BY_LABEL =
      Map.ofEntries(
          Map.entry("py", "py"),
          Map.entry("python", "py"),
          Map.entry("python3", "py"),
          Map.entry("sh", "sh"),
          Map.entry("bash", "sh"),
          Map.entry("shell", "sh"),
          Map.entry("zsh", "sh"),
          Map.entry("cpp", "cpp"),
          Map.entry("c++", "cpp"),
          Map.entry("cs", "cs"),
          Map.entry("csharp", "cs"),
          Map.entry("d", "d"),
          Map.entry("go", "go"),
          Map.entry("golang", "go"),
          Map.entry("java", "java"),
          Map.entry("js", "js"),
          Map.entry("javascript", "js"),
          Map.entry("jl", "jl"),
          Map.entry("julia", "jl"),
          Map.entry("lua", "lua"),
          Map.entry("pl", "pl"),
          Map.entry("perl", "pl"),
          Map.entry("php", "php"),
          Map.entry("r", "r"),
          Map.entry("rkt", "rkt"),
          Map.entry("racket", "rkt"),
          Map.entry("rb", "rb"),
          Map.entry("ruby", "rb"),
          Map.entry("rs", "rs"),
          Map.entry("rust", "rs"),
          Map.entry("scala", "scala"),
          Map.entry("swift", "swift"),
          Map.entry("ts", "ts"),
          Map.entry("typescript", "ts"),
          Map.entry("hs", "hs"),
          Map.entry("haskell", "hs"),
          Map.entry("ml", "ml"),
          Map.entry("ocaml", "ml"),
          Map.entry("clj", "clj"),
          Map.entry("clojure", "clj"),
          Map.entry("dart", "dart"),
          Map.entry("elixir", "elixir"),
          Map.entry("ada", "adb"));

  private CodeLanguage() {}

  /** By the label of the first block of code that has a known one. */
  static String of(String text) {
    for (int at = text.indexOf(FENCE); at >= 0; at = text.indexOf(FENCE, at + FENCE.length())) {
      int from = at + FENCE.length();
      int to = from;
      while (to < text.length() && to - from < LABEL_MAX && isLabel(text.charAt(to))) {
        to++;
      }
      var known = BY_LABEL.get(text.substring(from, to).toLowerCase(Locale.ROOT));
      if (known != null) {
        return known;
      }
    }
    return NONE;
  }

  private static boolean isLabel(char letter) {
    return Character.isLetterOrDigit(letter) || letter == '+' || letter == '#';
  }
}
