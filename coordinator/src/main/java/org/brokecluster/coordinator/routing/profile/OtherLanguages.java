package org.brokecluster.coordinator.routing.profile;

import java.util.List;

/**
 * A few phrases in the languages most asked in besides English: what proves, translates, programs,
 * greets, or asks for a plain fact. Far from complete; what they do not know is taken for unlike
 * all that was learned, see {@link Footing}. Han and kana are words of one sign each.
 */
final class OtherLanguages {
  private OtherLanguages() {}

  /** The phrases of a task; empty for most. */
  static List<String> of(Task task) {
    return switch (task) {
      case PROOF -> proof();
      case PROGRAMMING -> programming();
      case TRANSLATION -> translation();
      case QUICK_QUESTION -> quickQuestion();
      case SMALL_TALK -> smallTalk();
      case SECURITY_ANALYSIS,
          ARCHITECTURE_DESIGN,
          COMPLEX_REFACTORING,
          PERFORMANCE_WORK,
          VERIFICATION,
          WHOLE_SYSTEM,
          CODE_REVIEW,
          API_INTEGRATION,
          DEBUGGING,
          TEST_DATA,
          LONG_TEXT,
          FORMATTING,
          SIMPLE_DOCS,
          UNIT_TESTS,
          PERFORMANCE_TALK,
          SUM ->
          List.of();
    };
  }

  private static List<String> proof() {
    return List.of(
        "beweise|beweis|beweisen",
        "zeige dass irrational|unendlich|prim*",
        "démontre*|prouve* que",
        "demuestr*|demostr* que",
        "dimostr* che",
        "prove|demonstre que",
        "докаж*|доказать",
        "证_明",
        "証_明");
  }

  private static List<String> programming() {
    return List.of(
        "schreib* funktion|skript|programm|klasse",
        "écri* fonction|script|programme",
        "escrib* función|script|programa",
        "scriv* funzione|script|programma",
        "escrev* função|script|programa");
  }

  private static List<String> translation() {
    return List.of("übersetz*", "tradui*", "traduc*|traduz*", "翻_译", "翻_訳", "перевед*");
  }

  private static List<String> quickQuestion() {
    return List.of(
        "was ist|sind|war|bedeutet",
        "wer ist|war|hat|schrieb",
        "wann ist|war|wurde|hat",
        "wo ist|liegt|war",
        "wie viele|heißt|alt|hoch",
        "quel|quelle|quels|quelles est|sont",
        "qui est|était|a",
        "qu_est",
        "combien de",
        "cuál|quién|dónde|cuándo es|fue|está",
        "qué es|significa",
        "cuántos|cuántas",
        "qual|quem|onde é|foi|fica",
        "qual_è",
        "chi è|era|ha",
        "dove|quando è|si",
        "кто|что|где|когда",
        "什_么",
        "谁|哪",
        "何|誰|ど_こ|い_つ");
  }

  private static List<String> smallTalk() {
    return List.of(
        "hallo|moin|servus|danke",
        "guten_morgen|tag|abend",
        "gute_nacht",
        "bonjour|bonsoir|salut|merci",
        "hola|gracias",
        "buenos|buenas_días|tardes|noches",
        "ciao|buongiorno|grazie",
        "olá|obrigado|obrigada",
        "привет|спасибо",
        "你_好",
        "谢_谢",
        "こ_ん_に_ち_は");
  }
}
