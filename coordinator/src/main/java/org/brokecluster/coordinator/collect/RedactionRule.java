package org.brokecluster.coordinator.collect;

import java.util.regex.Pattern;

/**
 * Something that must not leave: what it looks like and what is put in its place.
 *
 * <p>The built-in patterns begin with a fixed word or at the border of a run of characters, and
 * repeat single characters only, possessively and up to a bound; so each text is gone through in
 * time proportional to its length.
 *
 * @param kind name in the counts
 * @param pattern what is looked for
 * @param replacement as in {@link java.util.regex.Matcher#appendReplacement}
 */
record RedactionRule(String kind, Pattern pattern, String replacement) {
  static RedactionRule of(String kind, String regex, String replacement) {
    return new RedactionRule(kind, Pattern.compile(regex), replacement);
  }

  /** Whatever an operator wants out. */
  static RedactionRule own(Pattern pattern) {
    return new RedactionRule("own-pattern", pattern, "[redacted]");
  }
}
