package org.brokecluster.node.runtime.process;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.node.runtime.openai.Dialect;
import org.brokecluster.node.runtime.openai.OpenAiRuntime;
import org.brokecluster.node.runtime.openai.OpenAiSettings;
import org.brokecluster.node.runtime.openai.RuntimeSpec;
import org.brokecluster.node.runtime.template.ChatRenderer;
import org.brokecluster.shared.hardware.Chip;

/**
 * Speaks OpenAI's API, in the server's own dialect, to a server that has one model, by one constant
 * name: to mlx_lm.server a second name for the same weights would be a second model, not batched
 * with the first.
 */
public final class OpenAiEngine implements Engine {
  private final OpenAiRuntime server;

  private OpenAiEngine(OpenAiRuntime server) {
    this.server = server;
  }

  /**
   * Engines for servers that know their one model by this name.
   *
   * @param dialect how the servers speak
   * @param wireName such as {@code default_model}
   */
  public static EngineFactory factory(
      OpenAiSettings settings, Chip chip, Dialect dialect, String wireName) {
    return factory(settings, chip, dialect, wireName, model -> Optional.empty());
  }

  /**
   * Engines for servers that do not tell what their templates make of a chat.
   *
   * @param renderers who renders chats for a model, if anybody can
   */
  public static EngineFactory factory(
      OpenAiSettings settings,
      Chip chip,
      Dialect dialect,
      String wireName,
      Function<ShelfModel, Optional<ChatRenderer>> renderers) {
    return (address, model, plan) -> {
      var spec =
          new RuntimeSpec(
              dialect.label(),
              address,
              OptionalInt.of(plan.slots()),
              Optional.empty(),
              Optional.of(wireName),
              Optional.empty());
      var server = new OpenAiRuntime(spec, settings, chip, Map.of());
      renderers.apply(model).ifPresent(server::renderedBy);
      server.startedWith(model.id(), wireName, plan.contextLength());
      return new OpenAiEngine(server);
    };
  }

  @Override
  public Generation start(Prompt prompt, GenerationListener listener) {
    return server.start(prompt, listener);
  }

  @Override
  public void close() {
    server.close();
  }
}
