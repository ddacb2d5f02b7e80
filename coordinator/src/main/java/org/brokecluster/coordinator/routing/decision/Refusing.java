package org.brokecluster.coordinator.routing.decision;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokecluster.coordinator.routing.ask.Question;
import org.brokecluster.coordinator.routing.ask.Selection;
import org.brokecluster.coordinator.routing.filter.Verdict;
import org.brokecluster.coordinator.routing.state.Snapshot;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.router.Refusal;
import org.jspecify.annotations.Nullable;

/** Finds the reason that helps most when no candidate is left, and says what exists. */
final class Refusing {
  private static final int NAMES_MAX = 20;
  private static final Set<Verdict> UNABLE = Set.of(Verdict.LACKS_ABILITY, Verdict.UNSUPPORTED);

  private Refusing() {}

  static Decision.None decide(Question question, Snapshot snapshot, List<Candidate> candidates) {
    if (!snapshot.hasNodeUp()) {
      var message = snapshot.nodes().isEmpty() ? "no node has joined yet" : "no node is up";
      return none(question, candidates, Refusal.NO_NODE, message, true);
    }
    var pinned = question.facts().wishes().node();
    if (pinned != null && snapshot.node(pinned).isEmpty()) {
      var nodes =
          snapshot.nodes().stream()
              .map(node -> node.state().name().value())
              .limit(NAMES_MAX)
              .collect(Collectors.joining(", "));
      var message = "no such node: " + pinned + "; nodes: " + nodes;
      return none(question, candidates, Refusal.NODE_NOT_FOUND, message, false);
    }
    if (!isKnown(question.selection(), snapshot)) {
      var message = "no node has the model " + asked(question) + "; available: " + names(snapshot);
      return none(question, candidates, Refusal.MODEL_NOT_FOUND, message, false);
    }
    return byCandidates(question, snapshot, candidates);
  }

  private static Decision.None byCandidates(
      Question question, Snapshot snapshot, List<Candidate> candidates) {
    var counts = new EnumMap<Verdict, Integer>(Verdict.class);
    for (var candidate : candidates) {
      if (candidate.verdict().meant()) {
        counts.merge(candidate.verdict(), 1, Integer::sum);
      }
    }
    boolean mayPass = counts.keySet().stream().anyMatch(Verdict::passing);
    if (counts.isEmpty()) {
      var pinned = question.facts().wishes().node();
      var message =
          pinned == null
              ? "no node offers a model yet"
              : "node " + pinned + " has no such model; available elsewhere: " + names(snapshot);
      return none(question, candidates, Refusal.MODEL_NOT_FOUND, message, pinned == null);
    }
    if (UNABLE.containsAll(counts.keySet())) {
      var message =
          counts.containsKey(Verdict.LACKS_ABILITY)
              ? subject(question)
                  + " can do what the request needs: "
                  + lacking(question, candidates)
              : subject(question) + " can be used: " + unsupported(candidates);
      return none(question, candidates, Refusal.NOT_CAPABLE, message, false);
    }
    if (counts.containsKey(Verdict.CONTEXT_TOO_LONG) && onlyUnable(counts)) {
      var message =
          "the prompt of about %d tokens is longer than any context; longest: %d"
              .formatted(question.facts().promptTokens(), longestContext(candidates));
      return none(question, candidates, Refusal.CONTEXT_TOO_LONG, message, false);
    }
    return none(question, candidates, Refusal.NO_CANDIDATE_LEFT, reasons(candidates), mayPass);
  }

  private static String subject(Question question) {
    return question.selection() instanceof Selection.Named named
        ? "no model of those asked for (" + joined(named.models().stream()) + ")"
        : "no model here";
  }

  /** What none of them can do; all that is needed if each part of it could be done by one. */
  private static String lacking(Question question, List<Candidate> candidates) {
    var asked = candidates.stream().filter(c -> c.verdict() == Verdict.LACKS_ABILITY).toList();
    var needed = question.needs();
    var nobody =
        needed.stream()
            .filter(need -> asked.stream().noneMatch(each -> each.spot().can(Set.of(need))))
            .toList();
    return joined(
        (nobody.isEmpty() ? needed : nobody)
            .stream().map(need -> need.name().toLowerCase(Locale.ROOT)));
  }

  private static String unsupported(List<Candidate> candidates) {
    return joined(
        candidates.stream()
            .filter(candidate -> candidate.verdict() == Verdict.UNSUPPORTED)
            .map(candidate -> candidate.spot().hosted().load().reason())
            .map(reason -> reason == null ? Verdict.UNSUPPORTED.why() : reason)
            .distinct());
  }

  private static String joined(Stream<?> parts) {
    return parts.limit(NAMES_MAX).map(String::valueOf).collect(Collectors.joining(", "));
  }

  private static boolean onlyUnable(Map<Verdict, Integer> counts) {
    return counts.keySet().stream()
        .allMatch(each -> each == Verdict.CONTEXT_TOO_LONG || each == Verdict.LACKS_ABILITY);
  }

  private static int longestContext(List<Candidate> candidates) {
    int longest = 0;
    for (var candidate : candidates) {
      var context = candidate.spot().hosted().facts().contextLength();
      boolean tooShort = candidate.verdict() == Verdict.CONTEXT_TOO_LONG;
      longest = tooShort && context != null ? Math.max(longest, context) : longest;
    }
    return longest;
  }

  /** What speaks against each place, and on which nodes. */
  private static String reasons(List<Candidate> candidates) {
    var nodes = new LinkedHashMap<String, Set<NodeId>>();
    for (var candidate : candidates) {
      if (candidate.verdict().meant()) {
        nodes
            .computeIfAbsent(reason(candidate), each -> new LinkedHashSet<>())
            .add(candidate.node());
      }
    }
    return nodes.entrySet().stream()
        .limit(NAMES_MAX)
        .map(each -> joined(each.getValue().stream()) + ": " + each.getKey())
        .collect(Collectors.joining("; ", "nobody is left who could answer; ", ""));
  }

  private static String reason(Candidate candidate) {
    var why = candidate.verdict().why();
    var away = candidate.spot().away();
    return candidate.verdict() == Verdict.DRAINING && away != null ? away : why;
  }

  private static boolean isKnown(@Nullable Selection selection, Snapshot snapshot) {
    if (selection instanceof Selection.Rest rest) {
      return snapshot.has(rest.model()) || isKnown(rest.asked(), snapshot);
    }
    if (selection instanceof Selection.Chain chain) {
      return isKnown(chain.asked(), snapshot)
          || chain.fallbacks().stream().anyMatch(each -> isKnown(each, snapshot));
    }
    if (selection instanceof Selection.Named named) {
      return named.models().stream().anyMatch(snapshot::has);
    }
    return selection != null;
  }

  private static String asked(Question question) {
    var name = question.facts().model();
    return "\"" + (name.length() <= 80 ? name : name.substring(0, 77) + "...") + "\"";
  }

  private static String names(Snapshot snapshot) {
    var models = snapshot.servableModels();
    var shown =
        models.stream().limit(NAMES_MAX).map(ModelId::value).collect(Collectors.joining(", "));
    int more = models.size() - NAMES_MAX;
    return "auto, basic, balanced, premium"
        + (shown.isEmpty() ? "" : ", " + shown)
        + (more > 0 ? " and " + more + " more" : "");
  }

  private static Decision.None none(
      Question question,
      List<Candidate> candidates,
      Refusal reason,
      String message,
      boolean mayPass) {
    return new Decision.None(question, List.copyOf(candidates), reason, message, mayPass);
  }
}
