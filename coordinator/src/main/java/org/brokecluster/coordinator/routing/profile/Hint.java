package org.brokecluster.coordinator.routing.profile;

import java.util.List;
import java.util.stream.Stream;
import org.brokecluster.coordinator.routing.profile.PhraseIndex.Pattern;

/**
 * Weaker evidence: a word that belongs to a subject, or tells of reasoning, mathematics, invention
 * a short answer, or an exact figure.
 *
 * @param kind what it tells of
 * @param domain name of the subject if the kind is {@link Kind#DOMAIN}, else the kind's name
 */
record Hint(Kind kind, String domain) {
  /** What a hint tells of. */
  enum Kind {
    DOMAIN,
    REASONING,
    MATHS,
    INVENTION,
    BREVITY,
    PRECISION,
    FIGURE
  }

  /** Every hint with its words. */
  static final List<Pattern<Hint>> PATTERNS =
      Stream.of(
              kind(Kind.REASONING, "why|because|therefore|derive*|prove*|proof|infer*|deduc*"),
              kind(Kind.REASONING, "tradeoff|compare*|evaluat*|consequence"),
              kind(Kind.REASONING, "step_by"),
              kind(Kind.REASONING, "trade_off"),
              kind(Kind.REASONING, "assum*|analy*|reason*|justif*|contradict*|constraint"),
              kind(Kind.MATHS, "equation|integral|derivative|matrix|matrices|theorem|lemma"),
              kind(Kind.MATHS, "probabilit*|polynomial|vector|eigenvalue|calculus|algebra"),
              kind(Kind.INVENTION, "story|poem|novel|imagine*|invent*|brainstorm*|creative*"),
              kind(Kind.INVENTION, "slogan|lyrics|fiction|idea"),
              kind(Kind.BREVITY, "briefly|short|shortly|concise*|tldr"),
              kind(Kind.BREVITY, "one_sentence|word"),
              kind(Kind.PRECISION, "exact*|precise*|verbatim|isbn|doi|genau*|exakt*|esatt*|точн*"),
              kind(Kind.FIGURE, "population|attendance|vote|margin|score|altitude|casualt*|salary"),
              kind(Kind.FIGURE, "how many|much|long|tall|high|far"),
              kind(Kind.FIGURE, "what|which_day|month|date"),
              kind(Kind.FIGURE, "number_of"),
              kind(Kind.FIGURE, "in_seconds|minutes|metres|kilograms"),
              domain("python", "python|pandas|numpy|django|flask|pytest|pip"),
              domain("java", "java|spring|maven|gradle|junit|jvm|javadoc|akka"),
              domain("javascript", "javascript|typescript|node|react|npm|vue|angular|jsdoc"),
              domain("rust", "rust|cargo|tokio|rustc"),
              domain("go", "golang|goroutine"),
              domain("c", "c++|cpp|malloc|pointer|segfault"),
              domain("swift", "swift|swiftui|xcode|cocoa"),
              domain("sql", "sql|postgres*|mysql|sqlite|query|database|join|select"),
              domain("shell", "bash|shell|zsh|terminal|grep|awk|sed"),
              domain("web", "html|css|http|browser|frontend|rest|api|endpoint"),
              domain("devops", "docker|kubernetes|terraform|ansible|pipeline|deploy*"),
              domain("security", "security|vulnerab*|encrypt*|exploit*|authenticat*|injection"),
              domain("data", "dataset|csv|statistic*|regression|classifier|training"),
              domain("maths", "equation|integral|derivative|matrix|theorem|probabilit*|algebra"),
              domain("medicine", "patient|diagnos*|symptom|medical|clinical|therapy"),
              domain("law", "contract|legal|court|liabilit*|lawsuit|gdpr"),
              domain("finance", "revenue|invoice|stock|portfolio|tax*|budget|accounting"),
              domain("writing", "essay|poem|story|paragraph|grammar|novel|blog"),
              domain("language", "translat*|german|french|spanish|italian|japanese|chinese"))
          .toList();

  private static Pattern<Hint> kind(Kind kind, String words) {
    return new Pattern<>(words, new Hint(kind, kind.name()));
  }

  private static Pattern<Hint> domain(String name, String words) {
    return new Pattern<>(words, new Hint(Kind.DOMAIN, name));
  }
}
