package org.brokecluster.node.runtime.http;

import org.jspecify.annotations.Nullable;

/** One request over a plain connection. */
final class PlainExchange implements Exchange {
  private final PlainHttpClient client;
  private final ResponseHandler handler;
  private volatile @Nullable Connection connection;
  private volatile boolean cancelled;

  PlainExchange(PlainHttpClient client, ResponseHandler handler) {
    this.client = client;
    this.handler = handler;
  }

  @Override
  public void send(HttpRequest request) {
    client.send(this, request.toBytes());
  }

  @Override
  public void cancel() {
    if (!cancelled) {
      cancelled = true;
      client.execute(this::close);
    }
  }

  @Override
  public void resume() {
    client.execute(this::goOn);
  }

  boolean cancelled() {
    return cancelled;
  }

  ResponseHandler handler() {
    return handler;
  }

  void attach(Connection found) {
    connection = found;
    if (cancelled) {
      client.execute(this::close);
    }
  }

  private void close() {
    var open = connection;
    if (open != null) {
      open.abandon(this);
    }
  }

  private void goOn() {
    if (!cancelled) {
      handler.onResume();
      var open = connection;
      if (open != null) {
        open.resume(this);
      }
    }
  }
}
