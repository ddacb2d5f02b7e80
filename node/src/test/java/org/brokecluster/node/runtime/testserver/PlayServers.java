package org.brokecluster.node.runtime.testserver;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;

/** Test servers to try things on by hand: {@code mlx=PORT llama=PORT ollama=PORT openai=PORT}. */
public final class PlayServers {
  private PlayServers() {}

  /** Starts the servers and runs until the process is ended. */
  public static void main(String[] args) throws IOException {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (var arg : args) {
      int equals = arg.indexOf('=');
      int port = Integer.parseInt(arg.substring(equals + 1));
      var kind = arg.substring(0, equals);
      out.println(kind + " at " + start(kind, port).url());
    }
    new Semaphore(0).acquireUninterruptibly();
  }

  private static TestServer start(String kind, int port) throws IOException {
    return switch (kind) {
      case "mlx" -> new MlxLmServer(port);
      case "llama" -> new LlamaServer(port);
      case "ollama" -> new OllamaServer(port);
      case "openai" -> new GenericServer(port);
      default -> throw new IllegalArgumentException("unknown kind: " + kind);
    };
  }
}
