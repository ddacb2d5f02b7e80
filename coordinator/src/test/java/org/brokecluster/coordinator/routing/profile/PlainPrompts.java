package org.brokecluster.coordinator.routing.profile;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.brokecluster.protocol.model.Tier;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Prompts as people type them, sorted by what they mean. The bounds are those of a meaning, not of
 * a sentence: whoever adds a sentence adds it to its meaning, and mends the estimate in general.
 */
final class PlainPrompts {
  private PlainPrompts() {}

  /**
   * What a prompt means, and what must be said of it.
   *
   * <p>The risks are those of a model of 4 billion weights and of one of 32 billion.
   */
  @SuppressWarnings("ImmutableEnumChecker") // a set that is made by Set.of
  enum Meaning {
    /** Nothing can go wrong. */
    SMALL_TALK(Tier.BASIC, Tier.BASIC, 0, 0.25, 0, 0.25),
    /** Any model knows it. */
    SIMPLE(Tier.BASIC, Tier.BASIC, 0, 0.40, 0, 0.30),
    /** The same in a language of which the estimate knows little. */
    SIMPLE_ELSEWHERE(Tier.BASIC, Tier.BALANCED, 0.15, 0.50, 0.08, 0.45),
    /** Everyday work that no collection tells the outcome of. */
    WORK(Tier.BASIC, Tier.BALANCED, 0.25, 0.50, 0.20, 0.45),
    /** The same in a language of which the estimate knows little. */
    WORK_ELSEWHERE(Tier.BASIC, Tier.BALANCED, 0.20, 0.55, 0.12, 0.50),
    /** A general statement to be proved: nobody is to trust it unread. */
    PROOF(Tier.PREMIUM, Tier.PREMIUM, 0.55, 1, 0.25, 1),
    /** The same in another language. */
    PROOF_ELSEWHERE(Tier.PREMIUM, Tier.PREMIUM, 0.40, 1, 0.25, 1),
    /** More than any model of a Mac can do in one answer. */
    BEYOND(Tier.PREMIUM, Tier.PREMIUM, 0.55, 1, 0.40, 1),
    /** An exact figure that hardly any text holds: models make one up. */
    RARE_FACT(Tier.BASIC, Tier.PREMIUM, 0.50, 1, 0.40, 1),
    /** Nobody can tell what is meant. */
    UNKNOWABLE(Tier.BASIC, Tier.BALANCED, 0.25, 0.60, 0.15, 0.55);

    private final Tier lowest;
    private final Tier highest;
    private final double smallFrom;
    private final double smallTo;
    private final double largeFrom;
    private final double largeTo;

    Meaning(
        Tier lowest,
        Tier highest,
        double smallFrom,
        double smallTo,
        double largeFrom,
        double largeTo) {
      this.lowest = lowest;
      this.highest = highest;
      this.smallFrom = smallFrom;
      this.smallTo = smallTo;
      this.largeFrom = largeFrom;
      this.largeTo = largeTo;
    }

    boolean allows(Tier tier, double small, double large) {
      return tier.compareTo(lowest) >= 0
          && tier.compareTo(highest) <= 0
          && small >= smallFrom
          && small <= smallTo
          && large >= largeFrom
          && large <= largeTo;
    }
  }

  /** Each prompt behind its meaning. */
  static Stream<Arguments> all() {
    return sentences().entrySet().stream()
        .flatMap(each -> each.getValue().stream().map(text -> Arguments.of(each.getKey(), text)));
  }

  private static Map<Meaning, List<String>> sentences() {
    var all = new EnumMap<Meaning, List<String>>(Meaning.class);
    simple(all);
    work(all);
    hard(all);
    return all;
  }

  private static void simple(Map<Meaning, List<String>> all) {
    all.put(
        Meaning.SMALL_TALK,
        List.of(
            "hi",
            "Hello!",
            "thanks a lot",
            "👍",
            "good morning",
            "Guten Morgen",
            "你好",
            "hey, how's it going",
            "thank you!!",
            "😂😂😂",
            "bonjour",
            "good night"));
    all.put(
        Meaning.SIMPLE,
        List.of(
            "What is 2+2?",
            "17 * 23 = ?",
            "Solve x^2-5x+6=0",
            "What is the capital of Portugal?",
            "Who wrote Don Quixote?",
            "What is 144 / 12?",
            "What is the largest planet?",
            "2x + 3 = 11",
            "How many days are in a leap year?"));
    all.put(
        Meaning.SIMPLE_ELSEWHERE,
        List.of(
            "Wer war der erste Bundeskanzler?",
            "¿Cuál es la capital de Perú?",
            "Quelle est la capitale du Canada ?",
            "Chi ha scritto la Divina Commedia?",
            "日本の首都はどこですか?",
            "Кто написал «Войну и мир»?",
            "Wie heißt die Hauptstadt von Norwegen?",
            "Wat is de hoofdstad van België?",
            "Hvem malte Skrik?",
            "한국의 수도는 어디입니까?"));
  }

  private static void work(Map<Meaning, List<String>> all) {
    all.put(
        Meaning.WORK,
        List.of(
            "Write an email to my landlord about the broken heating.",
            "Plan a birthday party for twenty children",
            "Give me a recipe for five litres of blackberry melomel."));
    all.put(
        Meaning.WORK_ELSEWHERE,
        List.of(
            "Schreibe eine freundliche Absage an einen Bewerber.",
            "Explique la photosynthèse à un enfant de dix ans.",
            "Resume este texto en tres frases: el gato duerme en el sofá.",
            "请写一封请假邮件给我的老板。",
            "Napisz krótkie ogłoszenie o sprzedaży roweru.",
            "Scrivi una breve descrizione del prodotto per una lampada da tavolo.",
            "Skriv ett kort tackbrev till min granne.",
            "اكتب رسالة قصيرة إلى المدير"));
    all.put(
        Meaning.UNKNOWABLE,
        List.of(
            "asdf qwer zxcv",
            "xk92 jjq vvrt plm",
            "ok so",
            "Vierwaldstättersee",
            "blorp",
            "fnord gleep wibble",
            "Rumpelstilz"));
  }

  private static void hard(Map<Meaning, List<String>> all) {
    all.put(
        Meaning.PROOF,
        List.of(
            "Prove that every even integer > 2 is the sum of two primes",
            "Prove that there are infinitely many twin primes.",
            "Show that the square root of 3 is irrational.",
            "Prove the Collatz conjecture",
            "Give a rigorous proof that P is not equal to NP",
            "Prove that the sum of two odd numbers is even.",
            "Prove Fermat's last theorem"));
    all.put(
        Meaning.PROOF_ELSEWHERE,
        List.of(
            "Beweise, dass es unendlich viele Primzahlen gibt.",
            "Démontrez que la racine carrée de 2 est irrationnelle.",
            "Demuestra que hay infinitos números primos.",
            "证明素数有无穷多个。",
            "Dimostra che esistono infiniti numeri primi.",
            "Докажите, что простых чисел бесконечно много."));
    all.put(
        Meaning.BEYOND,
        List.of(
            "Write a complete formally verified OS kernel in Coq",
            "Formalize the proof of the four colour theorem in Lean 4.",
            "Build an operating system from scratch in Rust",
            "Write a full C++ compiler that passes every conformance test.",
            "Implement a web browser engine with full CSS support",
            "Give a machine-checked proof in Isabelle that quicksort is correct"));
    all.put(
        Meaning.RARE_FACT,
        List.of(
            "1953 Tour de France, exact margin in seconds",
            "What was the exact population of Schwäbisch Gmünd in 1871?",
            "How many votes did the third candidate get in the 1926 Nebraska election?",
            "On which day in 1834 was the third mayor of Fresno baptised?",
            "Give me the ISBN of the 1967 edition of Whittaker and Watson.",
            "What was the exact attendance at the 1938 Latvian cup final?",
            "In what month of 1703 did the bell of St. Ulrich in Halle crack?",
            "What precise number of soldiers did Count Mansfeld lose at Dessau in 1626?"));
  }
}
