package org.brokecluster.coordinator.routing.profile;

import java.util.Locale;
import java.util.Map;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.router.Wishes;
import org.jspecify.annotations.Nullable;

/**
 * What an agent says of its call moves the estimate of the prompt. The figures are priors: small
 * beside what the text itself tells, and put right for lengths and models by what is learned later.
 *
 * <table>
 *   <caption>Effects</caption>
 *   <tr><th>{@code x-broke-action}</th><th>complexity</th><th>length</th></tr>
 *   <tr><td>plan, design, architect, decompose</td><td>+0.12</td><td>x 1.2</td></tr>
 *   <tr><td>code, implement, refactor, debug, fix, analyze, reason</td><td>+0.06</td><td>x 1.2</td>
 *   </tr>
 *   <tr><td>review, critique, verify, test</td><td>+0.04</td><td>x 0.9</td></tr>
 *   <tr><td>write, draft, answer, chat</td><td>0</td><td>x 1</td></tr>
 *   <tr><td>summarize, translate</td><td>-0.08</td><td>x 0.6</td></tr>
 *   <tr><td>search, route, classify, extract, format, tool</td><td>-0.12</td><td>x 0.4</td></tr>
 * </table>
 *
 * <p>Each level of {@code x-broke-depth} below the first takes 0.02 of the complexity (at most
 * 0.08) and a tenth of the length (at most four times): the deeper an agent, the smaller its piece
 * of the work. {@code x-broke-prior-score} adds 0.2 (0.5 - score): who did badly before needs more
 * now. An action that is not in the table is only recorded, and the evidence says so; roles change
 * nothing here, they count in what is learned. Pure.
 */
public final class AgentHints {
  private static final Effect PLAN = new Effect(0.12, 1.2);
  private static final Effect MAKE = new Effect(0.06, 1.2);
  private static final Effect CHECK = new Effect(0.04, 0.9);
  private static final Effect SAY = new Effect(0, 1);
  private static final Effect RETELL = new Effect(-0.08, 0.6);
  private static final Effect SORT = new Effect(-0.12, 0.4);

  private static final Map<String, Effect> ACTIONS =
      Map.ofEntries(
          Map.entry("plan", PLAN),
          Map.entry("design", PLAN),
          Map.entry("architect", PLAN),
          Map.entry("decompose", PLAN),
          Map.entry("code", MAKE),
          Map.entry("implement", MAKE),
          Map.entry("refactor", MAKE),
          Map.entry("debug", MAKE),
          Map.entry("fix", MAKE),
          Map.entry("analyze", MAKE),
          Map.entry("reason", MAKE),
          Map.entry("review", CHECK),
          Map.entry("critique", CHECK),
          Map.entry("verify", CHECK),
          Map.entry("test", CHECK),
          Map.entry("write", SAY),
          Map.entry("draft", SAY),
          Map.entry("answer", SAY),
          Map.entry("chat", SAY),
          Map.entry("summarize", RETELL),
          Map.entry("translate", RETELL),
          Map.entry("search", SORT),
          Map.entry("route", SORT),
          Map.entry("classify", SORT),
          Map.entry("extract", SORT),
          Map.entry("format", SORT),
          Map.entry("tool", SORT));

  private static final double BY_LEVEL = 0.02;
  private static final double SHORTER_BY_LEVEL = 0.9;
  private static final int LEVELS_MAX = 4;
  private static final double BY_SCORE = 0.2;

  private record Effect(double complexity, double length) {}

  private AgentHints() {}

  /** The estimate with what the agent says; the same one if it says nothing that counts. */
  public static Profile applied(Profile profile, Wishes wishes) {
    var action = action(wishes.action());
    var effect = action == null ? SAY : ACTIONS.getOrDefault(action, SAY);
    int levels = wishes.depth() == null ? 0 : Math.max(0, Math.min(LEVELS_MAX, wishes.depth() - 1));
    double score = wishes.priorScore() == null ? 0 : BY_SCORE * (0.5 - wishes.priorScore());
    double more = effect.complexity() - BY_LEVEL * levels + score;
    double longer = effect.length() * Math.pow(SHORTER_BY_LEVEL, levels);
    boolean unknown = wishes.action() != null && action == null;
    if (more == 0 && longer == 1 && !unknown) {
      return profile;
    }
    return new Profile(
        moved(profile.promptComplexity(), more),
        moved(profile.answerComplexity(), more),
        movedTask(profile.taskComplexity(), more),
        profile.languageBias(),
        profile.domains(),
        profile.reasoningChains(),
        profile.creativeDesign(),
        tokens(profile.answerTokens(), longer),
        scaled(profile.answerTokensLow(), longer),
        scaled(profile.answerTokensHigh(), longer),
        profile.basis(),
        String.format(Locale.ROOT, "%s; the agent's call: %+.2f", profile.evidence(), more)
            + (unknown ? ", its action is not one that is known" : ""));
  }

  private static @Nullable String action(@Nullable String given) {
    if (given == null) {
      return null;
    }
    var word = given.strip().toLowerCase(Locale.ROOT);
    return ACTIONS.containsKey(word) ? word : null;
  }

  private static double moved(double complexity, double by) {
    return Math.round(Math.max(0, Math.min(1, complexity + by)) * 10_000) / 10_000.0;
  }

  private static @Nullable Double movedTask(@Nullable Double complexity, double by) {
    return complexity == null ? null : Double.valueOf(moved(complexity, by));
  }

  private static int tokens(int expected, double factor) {
    return (int) Math.max(1, Math.round(expected * factor));
  }

  private static @Nullable Integer scaled(@Nullable Integer tokens, double factor) {
    return tokens == null ? null : Integer.valueOf(tokens(tokens, factor));
  }
}
