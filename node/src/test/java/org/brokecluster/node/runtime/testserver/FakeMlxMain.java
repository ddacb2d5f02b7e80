package org.brokecluster.node.runtime.testserver;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * {@link FakeMlxServer} as a process of its own, started in place of {@code mlx_lm.server} by the
 * script of {@link FakeMlxScript}. Prints to standard error what the real one prints.
 */
public final class FakeMlxMain {
  private FakeMlxMain() {}

  /** First the file of {@link Quirks}, then the arguments of mlx_lm.server. */
  public static void main(String[] arguments) throws Exception {
    var quirks = new Quirks(Path.of(arguments[0]));
    var options = options(arguments);
    if (options.containsKey("--help")) {
      System.out.println("usage: mlx_lm.server [--model MODEL] [--log-level L] [--max-tokens N]");
      System.out.println("  [--decode-concurrency N] [--prompt-concurrency N]");
      System.out.println("  [--prompt-cache-bytes N] [--prompt-cache-size N]");
      return;
    }
    if (options.containsKey("--version")) {
      System.out.println("mlx_lm.server 0.31.3");
      return;
    }
    note(options);
    System.err.println("UserWarning: mlx_lm.server is not recommended for production");
    if (quirks.has("slow-term")) {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> FakeMlxServer.pause(quirks.number("slow-term", 1))));
    }
    if (quirks.has("child")) {
      new ProcessBuilder("sleep", "600").start();
    }
    if (quirks.has("exit-at-start")) {
      System.err.println("ImportError: cannot import name 'mlx' from nowhere");
      System.exit(quirks.number("exit-at-start", 1));
    }
    FakeMlxServer.pause(quirks.number("late-port", 0));
    if (quirks.has("no-port")) {
      new CountDownLatch(1).await();
    }
    serve(quirks, options);
  }

  private static void serve(Quirks quirks, Map<String, String> options) throws Exception {
    if (quirks.has("bind-fails")) {
      bindFailed();
    }
    try {
      var server = new FakeMlxServer(Integer.parseInt(options.get("--port")), quirks);
      server.defaultTokens(Integer.parseInt(options.getOrDefault("--max-tokens", "512")));
      FakeMlxServer.pause(quirks.number("load-ms", 0));
      if (quirks.has("load-fails") || !Files.exists(Path.of(options.get("--model")))) {
        System.err.println("Exception in thread Thread-1 (_generate):");
        System.err.println("Traceback (most recent call last):");
        System.err.println("  File \"/x/mlx_lm/utils.py\", line 1, in load_model");
        System.err.println("ValueError: Model type unheard_of not supported.");
      } else {
        server.loaded();
      }
    } catch (BindException e) {
      bindFailed();
    }
    new CountDownLatch(1).await();
  }

  /** The process stays alive without a port: its generation thread keeps it. */
  private static void bindFailed() throws InterruptedException {
    System.err.println("Traceback (most recent call last):");
    System.err.println("OSError: [Errno 98] Address already in use");
    new CountDownLatch(1).await();
  }

  /** Says for the test who runs where, and with which environment. */
  private static void note(Map<String, String> options) throws IOException {
    var folder = System.getenv("FAKE_MLX_NOTES");
    if (folder != null && options.containsKey("--port")) {
      var offline = System.getenv().getOrDefault("HF_HUB_OFFLINE", "");
      var ours = System.getenv().keySet().stream().filter(k -> k.startsWith("BROKE_")).toList();
      Files.write(
          Path.of(folder, ProcessHandle.current().pid() + ".note"),
          List.of(options.toString(), "offline=" + offline, "ours=" + ours));
    }
  }

  private static Map<String, String> options(String[] arguments) {
    var options = new HashMap<String, String>();
    for (int i = 1; i < arguments.length; i++) {
      boolean hasValue = i + 1 < arguments.length && !arguments[i + 1].startsWith("--");
      options.put(arguments[i], hasValue ? arguments[++i] : "");
    }
    return options;
  }
}
