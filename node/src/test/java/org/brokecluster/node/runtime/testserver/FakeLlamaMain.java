package org.brokecluster.node.runtime.testserver;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** {@link LlamaServer} as a process of its own, in place of {@code llama-server}. */
public final class FakeLlamaMain {
  private static final int LOADING_MILLIS = 300;

  private FakeLlamaMain() {}

  /** The arguments of llama-server. */
  public static void main(String[] given) throws Exception {
    var arguments = new ArrayList<>(List.of(given));
    if (arguments.contains("--help")) {
      System.out.println("-m, --model FNAME\n-c, --ctx-size N\n-np N\n--cache-ram N\n--offline");
      System.out.println("--kv-unified\n");
      return;
    }
    int slots = Integer.parseInt(after(arguments, "-np"));
    int context = Integer.parseInt(after(arguments, "-c"));
    var server = new LlamaServer(Integer.parseInt(after(arguments, "--port")), slots, context);
    server.loading(true);
    FakeMlxServer.pause(LOADING_MILLIS);
    if (after(arguments, "-m").contains("broken")) {
      System.err.println("llama_model_load: error loading model: missing tensor 'output.weight'");
      System.exit(1);
    }
    server.loading(false);
    new CountDownLatch(1).await();
  }

  private static String after(List<String> arguments, String name) {
    return arguments.get(arguments.indexOf(name) + 1);
  }
}
