package org.brokecluster.tests.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Clients of an OpenAI-compatible server, all in the calling thread. Closed loop: each client asks
 * again when it has its answer, which it checks token by token.
 */
public final class LoadGenerator {
  private static final int BUFFER = 64 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Target target;
  private final byte[] buffer = new byte[BUFFER];
  private long lastId;

  /**
   * A server to load.
   *
   * @param host an address
   * @param model the model to ask for
   */
  public record Target(String host, int port, String model) {}

  /** For one server. */
  public LoadGenerator(Target target) {
    this.target = target;
  }

  /** Runs a load to its end. Blocks. */
  public LoadResult run(Load load) {
    try (var selector = Selector.open()) {
      return new Run(load, selector).run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One load while it runs. */
  private final class Run {
    private final Load load;
    private final Selector selector;
    private final LoadResult result;
    private final List<LoadClient> idle = new ArrayList<>();
    private final Set<LoadClient> busy = new HashSet<>();
    private final long startNanos = System.nanoTime();

    Run(Load load, Selector selector) {
      this.load = load;
      this.selector = selector;
      this.result = new LoadResult(load);
      for (int i = 0; i < load.connections(); i++) {
        idle.add(new LoadClient(target, load, result, selector, buffer));
      }
    }

    LoadResult run() throws IOException {
      long latest =
          load.duration()
              .plus(load.ramp())
              .plus(load.pause().multipliedBy(load.tokens()))
              .plus(PATIENCE)
              .toNanos();
      while ((!idle.isEmpty() || !busy.isEmpty()) && elapsed() < latest) {
        start();
        selector.select(idle.isEmpty() ? 100 : 1);
        serve();
      }
      result.took(elapsed() / 1e9);
      busy.forEach(LoadClient::giveUp);
      return result;
    }

    private long elapsed() {
      return System.nanoTime() - startNanos;
    }

    /** As many clients as should have come by now. */
    private void start() {
      double ramp = load.ramp().toNanos();
      double share = ramp == 0 ? 1 : Math.min(1, elapsed() / ramp);
      int due = (int) Math.ceil(share * load.connections());
      int come = load.connections() - idle.size();
      for (; come < due && !idle.isEmpty(); come++) {
        var client = idle.remove(idle.size() - 1);
        busy.add(client);
        begin(client);
      }
    }

    private void begin(LoadClient client) {
      if (!client.begin(++lastId)) {
        leave(client); // whoever cannot connect does not try again and again
      }
    }

    private void leave(LoadClient client) {
      client.finish();
      busy.remove(client);
    }

    private void serve() {
      for (var keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
        var key = keys.next();
        keys.remove();
        var client = (LoadClient) key.attachment();
        if (key.isValid() && client.ready(key)) {
          again(client);
        }
      }
    }

    private void again(LoadClient client) {
      if (load.once() || elapsed() >= load.duration().toNanos()) {
        leave(client);
      } else {
        begin(client);
      }
    }
  }
}
