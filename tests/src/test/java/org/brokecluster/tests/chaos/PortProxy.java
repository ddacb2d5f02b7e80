package org.brokecluster.tests.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Stands before one TCP port and hands bytes on, unless the cable is pulled: then it keeps what it
 * has, as a network does that loses packets which are sent again later. One thread for each
 * direction of each connection.
 */
final class PortProxy implements AutoCloseable {
  private static final int CHUNK = 32 * 1024;

  private final int port;
  private final int backend;
  private final Cable cable;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private @Nullable ServerSocket listener;

  /** Waits while bytes from an address must not pass. */
  interface Cable {
    /**
     * Returns as soon as bytes may pass between that address and what is behind the proxy.
     *
     * @throws InterruptedException if there is nothing to wait for any more
     */
    void awaitPassage(InetAddress from) throws InterruptedException;
  }

  /** A proxy that does not listen yet. */
  PortProxy(int port, int backend, Cable cable) {
    this.port = port;
    this.backend = backend;
    this.cable = cable;
  }

  /** Begins to listen: what is behind it has started. */
  synchronized void open() {
    if (listener != null) {
      return;
    }
    try {
      var socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      listener = socket;
      start(() -> accept(socket));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Refuses and resets everything: what is behind it is dead. */
  @Override
  public synchronized void close() {
    closeAll(socket -> true);
    if (listener != null) {
      try {
        listener.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      listener = null;
    }
  }

  private void closeAll(Predicate<Socket> which) {
    for (var socket : sockets) {
      if (which.test(socket)) {
        close(socket);
      }
    }
  }

  private void close(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket from) throws IOException, InterruptedException {
    while (!from.isClosed()) {
      var socket = from.accept();
      sockets.add(socket);
      start(() -> connect(socket));
    }
  }

  private void connect(Socket near) throws IOException, InterruptedException {
    cable.awaitPassage(near.getInetAddress());
    var far = new Socket();
    sockets.add(far);
    try {
      far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), backend), 5_000);
    } catch (IOException e) {
      close(near);
      close(far);
      throw e;
    }
    start(() -> pump(near, far, near.getInetAddress()));
    pump(far, near, near.getInetAddress());
  }

  private void pump(Socket in, Socket out, InetAddress peer)
      throws IOException, InterruptedException {
    try {
      var bytes = new byte[CHUNK];
      for (int read = in.getInputStream().read(bytes);
          read >= 0;
          read = in.getInputStream().read(bytes)) {
        cable.awaitPassage(peer);
        out.getOutputStream().write(bytes, 0, read);
      }
    } finally {
      close(in);
      close(out);
    }
  }

  private interface Task {
    void run() throws IOException, InterruptedException;
  }

  private static void start(Task task) {
    var thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException | InterruptedException over) {
                Thread.currentThread().interrupt();
              }
            },
            "port-proxy");
    thread.setDaemon(true);
    thread.start();
  }
}
