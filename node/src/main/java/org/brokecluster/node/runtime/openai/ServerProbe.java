package org.brokecluster.node.runtime.openai;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.brokecluster.node.runtime.answer.AnswerCollector.Answer;
import org.brokecluster.node.runtime.answer.ServerCalls;
import org.jspecify.annotations.Nullable;

/**
 * Learns which kind of server it is by questions that neither load nor fetch a model: only GETs of
 * lists and properties. What the operator said is believed. Thread safe.
 */
final class ServerProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Asked one after another until one tells; each is a 404 at most where it means nothing. */
  private static final List<Question> QUESTIONS =
      List.of(
          new Question("/api/version", ServerSigns::inOllamaVersion),
          new Question("/api/v0/models", ServerSigns::inLmStudioList),
          new Question("/health", ServerSigns::inHealth));

  private final ServerCalls calls;
  private final @Nullable Dialect said;
  private volatile @Nullable Dialect learned;

  /** A path, and what its answer may tell. */
  private record Question(String path, Function<Answer, Optional<Dialect>> reader) {}

  /**
   * A probe of one server.
   *
   * @param said what the operator said it is; generic to find out
   */
  ServerProbe(ServerCalls calls, Dialect said) {
    this.calls = calls;
    this.said = said == Dialect.GENERIC ? null : said;
  }

  /** What the server is, as far as it is known by now. */
  Dialect dialect() {
    if (said != null) {
      return said;
    }
    var known = learned;
    return known == null ? Dialect.GENERIC : known;
  }

  /** The server could not be reached: when it can again it may be another one. */
  void forget() {
    learned = null;
  }

  /** What is known of the server, given its list of models. Never fails. */
  CompletionStage<ServerFacts> learn(Answer list) {
    return kind(list).thenCompose(this::facts).exceptionally(e -> ServerFacts.of(dialect()));
  }

  private CompletionStage<Dialect> kind(Answer list) {
    var inList = said != null ? Optional.of(said) : ServerSigns.inList(list);
    if (inList.isPresent()) {
      learned = inList.get();
      return CompletableFuture.completedFuture(inList.get());
    }
    var known = learned;
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    return ask(0).thenApply(this::remember);
  }

  private Dialect remember(Dialect found) {
    learned = found;
    return found;
  }

  private CompletionStage<Dialect> ask(int index) {
    if (index == QUESTIONS.size()) {
      return CompletableFuture.completedFuture(Dialect.GENERIC);
    }
    var question = QUESTIONS.get(index);
    return calls
        .get(question.path(), PATIENCE)
        .handle((answer, error) -> error == null ? question.reader().apply(answer) : null)
        .thenCompose(
            found ->
                found != null && found.isPresent()
                    ? CompletableFuture.completedFuture(found.get())
                    : ask(index + 1));
  }

  private CompletionStage<ServerFacts> facts(Dialect dialect) {
    return switch (dialect) {
      case LLAMA -> calls.get("/props", PATIENCE).thenApply(ServerSigns::llama);
      case LM_STUDIO -> calls.get("/api/v0/models", PATIENCE).thenApply(ServerSigns::lmStudio);
      case GENERIC, MLX_LM, VLLM, MLX_VLM, MLX_KNIFE, TRANSFORMERS, OLLAMA_COMPATIBLE ->
          CompletableFuture.completedFuture(ServerFacts.of(dialect));
    };
  }
}
