package org.brokecluster.node.runtime.mlx;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.brokecluster.node.runtime.answer.BodyFields;
import org.brokecluster.node.runtime.process.PipedCommand;
import org.brokecluster.node.runtime.template.CannotRender;
import org.brokecluster.node.runtime.template.ChatRenderer;
import org.brokecluster.node.runtime.template.Rendered;

/**
 * Renders chats by the functions of the very mlx-lm that serves the model, in a short run of its
 * python: no other renderer of templates would give the same text for all of them. Takes one to
 * three seconds and some hundred megabytes, so few run at once and nobody waits for one. Chats go
 * through pipes and never to a disk. Thread safe.
 */
final class MlxRenderer implements ChatRenderer {
  private static final JsonMapper MAPPER = BodyFields.mapper();
  private static final String SCRIPT = "render_chats.py";

  /** A text can be longer than the JSON it came in, by what the template adds to each message. */
  private static final int ADDED_MAX = 1 << 20;

  private final Path python;
  private final Path folder;
  private final Duration patience;
  private final Semaphore free;
  private final Executor executor;

  /**
   * A renderer for one model.
   *
   * @param python interpreter that has mlx-lm
   * @param folder of the model
   * @param patience longest a run may take
   * @param free runs that may begin, shared by all models
   * @param executor whose threads may block
   */
  MlxRenderer(Path python, Path folder, Duration patience, Semaphore free, Executor executor) {
    this.python = python;
    this.folder = folder;
    this.patience = patience;
    this.free = free;
    this.executor = executor;
  }

  @Override
  public CompletionStage<Rendered> render(List<byte[]> chats) {
    if (!free.tryAcquire()) {
      return CompletableFuture.failedFuture(
          new CannotRender(
              "as many chats are being rendered as broke.node.mlx.renders-max allows"));
    }
    return CompletableFuture.supplyAsync(() -> run(chats), executor)
        .whenComplete((done, error) -> free.release());
  }

  private Rendered run(List<byte[]> chats) {
    try {
      var question = question(chats);
      var command =
          new PipedCommand(
              List.of(python.toString(), "-c", script()),
              Map.of("HF_HUB_OFFLINE", "1", "TRANSFORMERS_OFFLINE", "1"));
      var said = command.run(question, 2 * question.length + ADDED_MAX, patience);
      return read(said, chats.size());
    } catch (CannotRender e) {
      throw new CompletionException(e);
    } catch (IOException e) {
      throw new CompletionException(
          new CannotRender("the python of mlx-lm did not render it: " + e.getMessage()));
    }
  }

  private byte[] question(List<byte[]> chats) throws IOException {
    var question = MAPPER.createObjectNode().put("folder", folder.toString());
    var all = question.putArray("chats");
    for (var chat : chats) {
      all.add(MAPPER.readTree(chat));
    }
    return MAPPER.writeValueAsBytes(question);
  }

  private static Rendered read(byte[] said, int count) throws IOException, CannotRender {
    var answer = MAPPER.readTree(said);
    var texts = new ArrayList<String>();
    answer.path("texts").forEach(text -> texts.add(text.asText("")));
    if (texts.size() != count) {
      throw new CannotRender("the python of mlx-lm did not render every chat");
    }
    return new Rendered(answer.path("template").asText(""), texts);
  }

  /** The script, which is part of this program. */
  static String script() {
    try (var in = MlxRenderer.class.getResourceAsStream(SCRIPT)) {
      if (in == null) {
        throw new IOException(SCRIPT + " is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
