package org.brokecluster.coordinator.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Takes out of a text what must not leave: keys, tokens, passwords, private keys, e-mail addresses,
 * names in home folders, and what the operator's own patterns find. Never fails and never takes
 * long: a text for which a pattern needs too much time is left out as a whole. Thread safe.
 */
public final class Redactor {
  /** Stands for a text whose check took too long. */
  static final String LEFT_OUT = "[left out: a pattern takes too long]";

  private static final String OVERRUN = "left-out";
  private static final String PRIVATE_KEY = "private-key";
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";
  private static final int HEADER_MAX = 60;
  private static final int KEY_MAX = 20_000;

  /** Looks at a character that one rule may take, on average; linear patterns take a few. */
  private static final long LOOKS_PER_CHARACTER = 400;

  private static final long LOOKS_MIN = 100_000;

  private final List<RedactionRule> rules;

  /**
   * The built-in rules and some more.
   *
   * @param own the operator's patterns; what they match becomes {@code [redacted]}
   */
  public Redactor(List<Pattern> own) {
    var all = new ArrayList<>(BuiltInRules.ALL);
    own.forEach(pattern -> all.add(RedactionRule.own(pattern)));
    rules = List.copyOf(all);
  }

  /**
   * The text without secrets.
   *
   * @param counts how often something was taken out, by kind; added to
   */
  public String redact(String text, Map<String, Integer> counts) {
    var result = withoutPrivateKeys(text, counts);
    try {
      for (var rule : rules) {
        result = apply(rule, result, counts);
      }
      return result;
    } catch (BudgetedText.TooSlow | StackOverflowError e) {
      counts.merge(OVERRUN, 1, Integer::sum);
      return LEFT_OUT;
    }
  }

  /**
   * The same with every text in a JSON value, also in lists and objects within it; those are
   * changed where they are.
   */
  public JsonNode redact(JsonNode json, Map<String, Integer> counts) {
    if (json.isTextual()) {
      return TextNode.valueOf(redact(json.textValue(), counts));
    }
    if (json instanceof ObjectNode object) {
      object.properties().forEach(each -> each.setValue(redact(each.getValue(), counts)));
    } else if (json instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, redact(array.get(i), counts));
      }
    }
    return json;
  }

  private static String apply(RedactionRule rule, String text, Map<String, Integer> counts) {
    long looks = Math.max(LOOKS_MIN, LOOKS_PER_CHARACTER * text.length());
    var matcher = rule.pattern().matcher(new BudgetedText(text, looks));
    if (!matcher.find()) {
      return text;
    }
    var result = new StringBuilder(text.length());
    int found = 0;
    do {
      if (matcher.end() > matcher.start()) {
        matcher.appendReplacement(result, rule.replacement());
        found++;
      }
    } while (matcher.find());
    matcher.appendTail(result);
    if (found > 0) {
      counts.merge(rule.kind(), found, Integer::sum);
    }
    return result.toString();
  }

  /** By hand, because such a block is long and its end may be missing. */
  private static String withoutPrivateKeys(String text, Map<String, Integer> counts) {
    int begin = privateKey(text, 0);
    if (begin < 0) {
      return text;
    }
    var result = new StringBuilder(text.length());
    int from = 0;
    while (begin >= 0) {
      result.append(text, from, begin).append("[private-key]");
      counts.merge(PRIVATE_KEY, 1, Integer::sum);
      from = keyEnd(text, begin);
      begin = privateKey(text, from);
    }
    return result.append(text, from, text.length()).toString();
  }

  /** Where the next block begins, or -1. */
  private static int privateKey(String text, int from) {
    int begin = text.indexOf(BEGIN, from);
    while (begin >= 0) {
      int name = begin + BEGIN.length();
      var header = text.substring(name, Math.min(text.length(), name + HEADER_MAX));
      int end = header.indexOf(DASHES);
      if ((end < 0 ? header : header.substring(0, end)).contains("PRIVATE KEY")) {
        return begin;
      }
      begin = text.indexOf(BEGIN, name);
    }
    return -1;
  }

  /** Where the block's last line ends; after a bounded length if it has none. */
  private static int keyEnd(String text, int begin) {
    int limit = Math.min(text.length(), begin + KEY_MAX);
    int end = text.indexOf(END, begin);
    if (end < 0 || end > limit) {
      return limit;
    }
    int dashes = text.indexOf(DASHES, end + END.length());
    return dashes < 0 || dashes > end + END.length() + HEADER_MAX
        ? Math.min(text.length(), end + END.length())
        : dashes + DASHES.length();
  }
}
