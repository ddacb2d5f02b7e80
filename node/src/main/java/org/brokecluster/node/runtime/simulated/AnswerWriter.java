package org.brokecluster.node.runtime.simulated;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.brokecluster.node.runtime.simulated.SimulatedRequest.Tool;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;

/**
 * Writes the answer of a simulated model: a function of model, prompt and seed alone, so that
 * another node writes the same and can go on where a first one broke off.
 */
final class AnswerWriter {
  private static final Pattern NAME = Pattern.compile("(?<!^)\\b\\p{Lu}\\p{L}{2,}\\b");
  private static final int SHORTEST_WORD = 4;

  private final int minTokens;
  private final int maxTokens;
  private final int limit;

  AnswerWriter(SimulatedSettings settings) {
    minTokens = settings.answerMinTokens();
    maxTokens = settings.answerMaxTokens();
    limit = settings.answerLimitTokens();
  }

  /**
   * Writes an answer.
   *
   * @param emitted text the client has already; the answer goes on behind it
   * @param room tokens that the context leaves
   */
  AnswerPlan write(ModelId model, SimulatedRequest request, String emitted, int room) {
    var random =
        new Randomness(
            Randomness.hash(model.value())
                ^ request.prompt().fingerprint()
                ^ Randomness.mix(request.seed()));
    int most = Math.min(Math.min(limit, room), request.maxTokens().orElse(limit));
    var tool = toolToCall(request);
    if (tool.isPresent()) {
      return toolCall(tool.get(), request, random, most);
    }
    var pieces =
        request.format().json()
            ? WordPieces.cut(json(model, request, random))
            : prose(model, random, request.ignoreEnd() ? most : -1);
    return finish(pieces, request.stop(), emitted, most, random);
  }

  /** Sentences of the natural length, or one piece more than {@code exactly} allows. */
  private List<String> prose(ModelId model, Randomness random, int exactly) {
    int wanted = exactly >= 0 ? exactly + 1 : random.between(minTokens, maxTokens);
    var pieces = new ArrayList<>(WordPieces.cut(Prose.confession(model.value())));
    while (pieces.size() < wanted) {
      pieces.addAll(WordPieces.cut(" " + Prose.sentence(random)));
    }
    return pieces;
  }

  private static String json(ModelId model, SimulatedRequest request, Randomness random) {
    var schema = request.format().schema();
    if (schema.isObject()) {
      return new SchemaInstance(schema, random, List.of()).make().toString();
    }
    var object = JsonNodeFactory.instance.objectNode();
    object.put("simulated", true).put("model", model.value());
    return object.put("answer", Prose.sentence(random)).toString();
  }

  private static AnswerPlan finish(
      List<String> pieces, List<String> stops, String emitted, int most, Randomness random) {
    boolean cut = pieces.size() > most;
    var kept = cut ? pieces.subList(0, most) : pieces;
    var full = String.join("", kept);
    int end = endByStop(full, stops);
    var reason = end < full.length() || !cut ? FinishReason.STOP : FinishReason.LENGTH;
    var text = full.substring(0, end);
    var rest = behind(text, emitted, random);
    var chunks = new ArrayList<TokenChunk>();
    remainder(kept, text, rest).forEach(piece -> chunks.add(TokenChunk.content(piece)));
    return new AnswerPlan(chunks, reason, rest);
  }

  private static int endByStop(String text, List<String> stops) {
    int end = text.length();
    for (var stop : stops) {
      int at = text.indexOf(stop);
      end = at >= 0 ? Math.min(end, at) : end;
    }
    return end;
  }

  /** What follows the emitted text; a fitting end if the emitted text is another model's. */
  private static String behind(String text, String emitted, Randomness random) {
    if (text.startsWith(emitted)) {
      return text.substring(emitted.length());
    }
    int space = text.indexOf(' ', emitted.length());
    return space >= 0 ? text.substring(space) : " " + Prose.sentence(random);
  }

  /** The pieces of {@code rest}, cut where the whole text was cut if it is a part of it. */
  private static List<String> remainder(List<String> pieces, String text, String rest) {
    if (!text.endsWith(rest)) {
      return WordPieces.cut(rest);
    }
    var result = new ArrayList<String>();
    int from = text.length() - rest.length();
    int at = 0;
    for (var piece : pieces) {
      int end = Math.min(at + piece.length(), text.length());
      if (end > from && end > at) {
        result.add(text.substring(Math.max(at, from), end));
      }
      at += piece.length();
    }
    return result;
  }

  private static Optional<Tool> toolToCall(SimulatedRequest request) {
    var choice = request.choice();
    if (!choice.allowed() || request.tools().isEmpty()) {
      return Optional.empty();
    }
    if (choice.name() != null) {
      return request.tools().stream().filter(tool -> tool.name().equals(choice.name())).findFirst();
    }
    var question = request.question().toLowerCase(Locale.ROOT);
    var meant = request.tools().stream().filter(tool -> isMeant(tool, question)).findFirst();
    return choice.required() ? meant.or(() -> request.tools().stream().findFirst()) : meant;
  }

  private static boolean isMeant(Tool tool, String question) {
    var name = tool.name().toLowerCase(Locale.ROOT);
    if (question.contains(name)) {
      return true;
    }
    for (var word : tool.name().split("[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])", -1)) {
      if (word.length() >= SHORTEST_WORD && question.contains(word.toLowerCase(Locale.ROOT))) {
        return true;
      }
    }
    return false;
  }

  private static AnswerPlan toolCall(
      Tool tool, SimulatedRequest request, Randomness random, int most) {
    var id = "call_" + Long.toHexString(random.next() | Long.MIN_VALUE);
    var names = NAME.matcher(request.question()).results().map(match -> match.group()).toList();
    var arguments = new SchemaInstance(tool.parameters(), random, names).make().toString();
    var chunks = new ArrayList<TokenChunk>();
    chunks.add(new TokenChunk(TokenChunk.Kind.TOOL_CALL, 0, id, tool.name(), ""));
    for (var piece : WordPieces.cut(arguments)) {
      chunks.add(new TokenChunk(TokenChunk.Kind.TOOL_CALL, 0, null, null, piece));
    }
    return chunks.size() > most
        ? new AnswerPlan(chunks.subList(0, most), FinishReason.LENGTH, "")
        : new AnswerPlan(chunks, FinishReason.TOOL_CALLS, "");
  }
}
