package org.brokecluster.node.runtime.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.brokecluster.node.runtime.answer.AnswerCollector.Answer;
import org.brokecluster.node.runtime.answer.BodyFields;
import org.brokecluster.node.runtime.answer.ServerCalls;
import org.brokecluster.node.runtime.template.CannotRender;
import org.brokecluster.node.runtime.template.ChatRenderer;
import org.brokecluster.node.runtime.template.Rendered;

/**
 * Has llama-server render chats, by {@code /apply-template}, which reads a chat request as its chat
 * endpoint does and answers with the text the model would be given. Thread safe.
 */
final class LlamaRenderer implements ChatRenderer {
  private static final JsonMapper MAPPER = BodyFields.mapper();
  private static final String APPLY = "/apply-template";
  private static final String PROPERTIES = "/props";
  private static final int OK = 200;

  /** A text can be longer than the JSON it came in, by what the template adds to each message. */
  private static final int ADDED_MAX = 1 << 20;

  private final ServerCalls calls;
  private final Duration patience;

  /** Asks a server, and waits so long for each text. */
  LlamaRenderer(ServerCalls calls, Duration patience) {
    this.calls = calls;
    this.patience = patience;
  }

  @Override
  public CompletionStage<Rendered> render(List<byte[]> chats) {
    var template = calls.get(PROPERTIES, patience).thenApply(LlamaRenderer::template);
    var texts = new ArrayList<CompletableFuture<String>>();
    for (var chat : chats) {
      int longest = 2 * chat.length + ADDED_MAX;
      texts.add(
          calls
              .post(APPLY, chat, patience, longest)
              .thenApply(LlamaRenderer::text)
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(texts.toArray(CompletableFuture<?>[]::new))
        .thenCombine(
            template,
            (done, source) ->
                new Rendered(source, texts.stream().map(CompletableFuture::join).toList()));
  }

  private static String template(Answer props) {
    return read(props, PROPERTIES).path("chat_template").asText("");
  }

  private static String text(Answer answer) {
    var text = read(answer, APPLY).path("prompt").asText("");
    if (text.isEmpty()) {
      throw new CompletionException(new CannotRender("llama-server rendered nothing"));
    }
    return text;
  }

  /** A server without the question, or one that cannot render, says so by its status. */
  private static JsonNode read(Answer answer, String path) {
    int status = answer.head().status();
    if (status != OK) {
      throw new CompletionException(
          new CannotRender("llama-server answered %d to %s".formatted(status, path)));
    }
    try {
      return MAPPER.readTree(answer.body());
    } catch (IOException e) {
      throw new CompletionException(new CannotRender("llama-server did not answer in JSON"));
    }
  }
}
