package org.brokecluster.node.runtime.http;

import java.net.ConnectException;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.runtime.http.ResponseHandler.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Secured HTTP, for the few servers that have it: the JDK's client, with all its calls brought to
 * one thread. Costs more than {@link PlainHttpClient}.
 */
final class SecureHttpClient implements HttpClient {
  private static final long TICK_MILLIS = 250;

  private final java.net.http.HttpClient client;
  private final ScheduledThreadPoolExecutor thread;

  SecureHttpClient(Duration connectTimeout, String name) {
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              var made = new Thread(task, name);
              made.setDaemon(true);
              return made;
            });
    thread.setRemoveOnCancelPolicy(true);
    client =
        java.net.http.HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .connectTimeout(connectTimeout)
            .build();
  }

  @Override
  public Exchange exchange(ResponseHandler handler) {
    return new SecureExchange(handler);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  /** One request; everything but {@code send}, {@code cancel} and {@code resume} on the thread. */
  private final class SecureExchange
      implements Exchange, BodyHandler<Void>, BodySubscriber<Void>, Runnable {
    private final ResponseHandler handler;
    private final CompletableFuture<Void> body = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<?> future;
    private volatile boolean cancelled;
    private volatile Flow.@Nullable Subscription subscription;
    private boolean asked;
    private boolean over;

    SecureExchange(ResponseHandler handler) {
      this.handler = handler;
    }

    @Override
    public void send(HttpRequest request) {
      var builder = java.net.http.HttpRequest.newBuilder(request.uri());
      request.headers().forEach(builder::header);
      var publisher =
          request.body().map(BodyPublishers::ofByteArray).orElseGet(BodyPublishers::noBody);
      var sent = client.sendAsync(builder.method(request.method(), publisher).build(), this);
      future = sent;
      if (cancelled) {
        sent.cancel(true);
      }
      var unused = sent.whenComplete((done, error) -> thread.execute(() -> ended(error)));
      thread.execute(this);
    }

    @Override
    public void cancel() {
      cancelled = true;
      var source = subscription;
      var sent = future;
      if (source != null) {
        source.cancel();
      } else if (sent != null) {
        sent.cancel(true);
      }
      body.complete(null);
    }

    @Override
    public void resume() {
      thread.execute(
          () -> {
            if (!cancelled) {
              handler.onResume();
              askForMore();
            }
          });
    }

    /** The tick, which sets up the next one. */
    @Override
    public void run() {
      if (!over && !cancelled) {
        handler.onTick(System.nanoTime());
        var unused = thread.schedule(this, TICK_MILLIS, TimeUnit.MILLISECONDS);
      }
    }

    @Override
    public BodySubscriber<Void> apply(ResponseInfo info) {
      var headers = new HashMap<String, String>();
      info.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
      thread.execute(
          () -> tell(() -> handler.onHead(new ResponseHead(info.statusCode(), headers))));
      return this;
    }

    @Override
    public CompletionStage<Void> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      thread.execute(this::askForMore);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      thread.execute(
          () -> {
            asked = false;
            buffers.forEach(buffer -> tell(() -> handler.onBody(buffer)));
            askForMore();
          });
    }

    @Override
    public void onError(Throwable error) {
      body.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
      body.complete(null);
    }

    private void tell(Runnable news) {
      if (!over && !cancelled) {
        news.run();
      }
    }

    private void askForMore() {
      var source = subscription;
      if (source != null && !asked && !over && !cancelled && handler.wantsMore()) {
        asked = true;
        source.request(1);
      }
    }

    private void ended(@Nullable Throwable error) {
      if (over || cancelled) {
        return;
      }
      over = true;
      if (error == null) {
        handler.onEnd();
        return;
      }
      var cause = error instanceof CompletionException ? error.getCause() : error;
      boolean unreached =
          cause instanceof ConnectException || cause instanceof HttpTimeoutException;
      handler.onError(
          unreached ? Problem.UNREACHED : Problem.CLOSED, String.valueOf(cause.getMessage()));
    }
  }
}
