package org.brokecluster.node.runtime.openai;

import java.time.Duration;
import java.util.Map;
import org.brokecluster.node.Soon;
import org.brokecluster.node.runtime.ServedRuntimeContract.Patience;
import org.brokecluster.node.runtime.http.ScriptedServer;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.shared.hardware.Chip;

/** Runtimes and answers for tests of the adapter. */
final class Servers {
  static final ModelId MODEL = ModelId.of("Qwen3-4B-4bit");
  static final Chip CHIP = Chip.parse("M4 Max 40").orElseThrow();
  static final OpenAiSettings SETTINGS = settings(Soon.LIMIT, 16, 4096);

  /** For servers that fall silent behind the finish reason. */
  static final OpenAiSettings HASTY = settings(Duration.ofMillis(400), 16, 4096);

  static final String MODELS =
      "{'object':'list','data':[{'id':'Qwen3-4B-4bit','object':'model','owned_by':'x'}]}";

  private Servers() {}

  private static OpenAiSettings settings(Duration grace, int connections, int answerMax) {
    return settings(new Patience(Soon.LIMIT, grace), connections, answerMax);
  }

  private static OpenAiSettings settings(Patience patience, int connections, int answerMax) {
    return new OpenAiSettings(
        Soon.LIMIT,
        patience.list(),
        4,
        patience.grace(),
        connections,
        1 << 20,
        1 << 20,
        answerMax,
        Soon.LIMIT,
        16);
  }

  /** Settings for many streams at once. */
  static OpenAiSettings wide(Patience patience) {
    return settings(patience, 256, 32_768);
  }

  static OpenAiRuntime attach(ScriptedServer server) {
    return attach(server.url());
  }

  static OpenAiRuntime attach(String url) {
    return new OpenAiRuntime(RuntimeSpec.parse("openai=" + url), SETTINGS, CHIP, Map.of());
  }

  /** A runtime by its specification. */
  static OpenAiRuntime attach(String spec, OpenAiSettings settings) {
    return new OpenAiRuntime(RuntimeSpec.parse(spec), settings, CHIP, Map.of());
  }

  /** A chunk of a chat with this delta. */
  static String delta(String delta) {
    return "{'id':'c1','object':'chat.completion.chunk','created':1,'model':'m','choices':["
        + "{'index':0,'delta':"
        + delta
        + ",'finish_reason':null}]}";
  }

  /** A chunk with content. */
  static String content(String text) {
    return delta("{'content':'" + text + "'}");
  }

  /** The chunk that finishes. */
  static String finish(String reason) {
    return "{'choices':[{'index':0,'delta':{},'finish_reason':'" + reason + "'}]}";
  }

  /** The chunk with the counts. */
  static String usage(int prompt, int completion, int cached) {
    return ("{'choices':[],'usage':{'prompt_tokens':%d,'completion_tokens':%d,'total_tokens':%d,"
            + "'prompt_tokens_details':{'cached_tokens':%d}}}")
        .formatted(prompt, completion, prompt + completion, cached);
  }
}
