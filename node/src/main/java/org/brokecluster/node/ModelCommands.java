package org.brokecluster.node;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.brokecluster.protocol.node.NodeProtocol;
import org.jspecify.annotations.Nullable;

/** Carries out what an operator asks of a model, and answers when it is done. */
final class ModelCommands {
  private ModelCommands() {}

  /** Never blocks; the answer may come from another thread. */
  static void run(NodeContext node, NodeProtocol.ModelCommand command) {
    var pool = node.pool();
    var model = command.model();
    switch (command.action()) {
      case LOAD ->
          answer(
              node, command, pool.load(model, Duration.ofSeconds(command.keepSeconds())), "loaded");
      case UNLOAD -> answer(node, command, pool.unload(model), "unloaded");
      case PIN -> answer(node, command, pool.pin(model, true), "pinned");
      case UNPIN -> answer(node, command, pool.pin(model, false), "unpinned");
    }
  }

  private static void answer(
      NodeContext node,
      NodeProtocol.ModelCommand command,
      CompletionStage<Void> work,
      String done) {
    work.whenComplete(
        (nothing, failure) ->
            command
                .replyTo()
                .tell(
                    new NodeProtocol.Done(
                        failure == null,
                        node.name(),
                        failure == null ? done + ": model=" + command.model() : reason(failure))));
  }

  private static void answer(
      NodeContext node, NodeProtocol.ModelCommand command, boolean known, String done) {
    var message = (known ? done : "no runtime here has this model") + ": model=" + command.model();
    command.replyTo().tell(new NodeProtocol.Done(known, node.name(), message));
  }

  private static String reason(@Nullable Throwable failure) {
    var cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause == null ? "failed" : String.valueOf(cause.getMessage());
  }
}
