package org.brokecluster.coordinator.http.server;

import akka.stream.javadsl.Tcp.ServerBinding;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.brokecluster.shared.host.PortProbe;
import org.brokecluster.shared.host.StartException;

/** The listening sockets of one server: several addresses, one port; all of them or none. */
final class Listeners {
  private static final long BIND_SECONDS = 10;

  private final List<ServerBinding> bindings;

  private Listeners(List<ServerBinding> bindings) {
    this.bindings = bindings;
  }

  /** Begins to listen at one address; completes with what can be closed again. */
  interface Binder {
    /** Starts to bind, port 0 for a free one. */
    CompletionStage<ServerBinding> bind(String address, int port);
  }

  /**
   * Listens at every address on the same port. Blocks.
   *
   * @param port the port, 0 for a free one
   * @throws StartException that says which address cannot be had, and why; none is bound then
   */
  static Listeners open(List<String> addresses, int port, Binder binder) throws StartException {
    var bound = new ArrayList<ServerBinding>();
    try {
      int samePort = port;
      for (var address : addresses) {
        var binding = bind(address, samePort, binder);
        bound.add(binding);
        samePort = binding.localAddress().getPort();
      }
      return new Listeners(List.copyOf(bound));
    } catch (StartException e) {
      await(new Listeners(bound).close());
      throw e;
    }
  }

  private static ServerBinding bind(String address, int port, Binder binder) throws StartException {
    try {
      return binder.bind(address, port).toCompletableFuture().get(BIND_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      var why = new PortProbe(address, port).refusal("up");
      throw new StartException(
          why.orElse("cannot listen on %s port %d: %s".formatted(address, port, e.getCause())), e);
    } catch (TimeoutException e) {
      throw new StartException(
          "%s port %d was not bound within %d s".formatted(address, port, BIND_SECONDS), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while binding the HTTP port", e);
    }
  }

  private static void await(CompletionStage<Void> closed) throws StartException {
    try {
      closed.toCompletableFuture().get(BIND_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new StartException("a socket that was just opened cannot be closed: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where it listens, in the order asked for. */
  List<InetSocketAddress> addresses() {
    return bindings.stream().map(ServerBinding::localAddress).toList();
  }

  /** Stops listening everywhere; connections stay. */
  CompletionStage<Void> close() {
    return CompletableFuture.allOf(
        bindings.stream()
            .map(binding -> binding.unbind().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }
}
