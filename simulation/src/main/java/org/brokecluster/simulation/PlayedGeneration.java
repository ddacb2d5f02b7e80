package org.brokecluster.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;

/** An answer in the making: word by word, as fast as its machine, and as it is asked for. */
final class PlayedGeneration implements Generation {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String ARGUMENTS = "{}";

  private final PlayedModel model;
  private final Call call;
  private final String voice;
  private final GenerationListener listener;
  private final int endWord;
  private final int promptTokens;
  private final String echo;
  private int echoed;
  private int word;
  private int made;
  private long credit;
  private boolean waiting;
  private boolean over;

  PlayedGeneration(PlayedModel model, Prompt prompt, GenerationListener listener) {
    var world = model.world();
    this.model = model;
    this.call = world.call(prompt.attempt().request());
    this.voice = world.voice(model.facts().id(), model.machine().name());
    this.listener = listener;
    var body = read(prompt.body());
    var shown = shown(body);
    this.echo = shown.substring(shown.length() - shown.length() / Tale.WORD % 4 * Tale.WORD);
    int from = firstWord(prompt, shown);
    int limit = body.path("max_tokens").asInt(Integer.MAX_VALUE / 2);
    boolean told = !prompt.emitted().isEmpty();
    this.word = from;
    this.promptTokens = Call.PROMPT_TOKENS + (told ? prompt.emitted().length() / Tale.WORD : 0);
    this.endWord = Math.min(call.words(), from + limit - (told ? prompt.emittedTokens() : 0));
    model.begins(this);
    world.watch().generationStarted(prompt.attempt());
    step((long) (model.prefillMs() * model.machine().slowness()));
  }

  private static JsonNode read(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The part of an answer that it is asked to go on with in its own words; else empty. */
  private static String shown(JsonNode body) {
    for (var message : body.path("messages")) {
      if (message.path("role").asText().equals("assistant")) {
        return message.path("content").asText();
      }
    }
    return "";
  }

  /** Where it begins: behind what it continues. */
  private int firstWord(Prompt prompt, String shown) {
    if (!shown.isEmpty()) {
      return call.thinking() + shown.length() / Tale.WORD;
    }
    return prompt.emitted().length() / Tale.WORD;
  }

  @Override
  public void request(long chunks) {
    credit += chunks;
    if (waiting) {
      waiting = false;
      step(0);
    }
  }

  @Override
  public void cancel() {
    over = true;
    model.ends(this);
  }

  /** The runtime breaks. */
  void breakOff(AttemptFailure how) {
    if (!over) {
      over = true;
      model.ends(this);
      listener.onFailure(how);
    }
  }

  private void step(long delayMs) {
    model.machine().after(delayMs, call.request(), this::next);
  }

  private void next() {
    if (over) {
      return;
    }
    long silent = model.silentUntilMs() - model.world().time().nowMs();
    var sickness = model.sickness();
    if (silent > 0) {
      step(silent);
    } else if (sickness != null) {
      breakOff(sickness);
    } else if (word >= endWord && echoed == echo.length()) {
      finish();
    } else if (credit <= 0) {
      waiting = true;
    } else {
      say();
    }
  }

  /** The next word: of what it was shown, as models do, or of its own. */
  private String nextWord() {
    if (echoed < echo.length()) {
      echoed += Tale.WORD;
      return echo.substring(echoed - Tale.WORD, echoed);
    }
    return Tale.word(call.request(), voice, word++);
  }

  private void say() {
    credit--;
    made++;
    boolean thinks = word < call.thinking();
    var text = nextWord();
    listener.onChunk(thinks ? TokenChunk.reasoning(text) : TokenChunk.content(text));
    step((long) (model.wordMs() * model.machine().slowness()));
  }

  private void finish() {
    boolean tool = call.kind() == Call.Kind.TOOL;
    if (tool && credit > 0) {
      credit--;
      made++;
      listener.onChunk(new TokenChunk(TokenChunk.Kind.TOOL_CALL, 0, "call_1", "look", ARGUMENTS));
    }
    over = true;
    model.ends(this);
    var reason =
        tool
            ? FinishReason.TOOL_CALLS
            : endWord < call.words() ? FinishReason.LENGTH : FinishReason.STOP;
    listener.onEnd(reason, new Usage(promptTokens, made, 0));
  }
}
