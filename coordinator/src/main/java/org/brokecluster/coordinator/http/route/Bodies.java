package org.brokecluster.coordinator.http.route;

import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpRequest;
import akka.stream.Materializer;
import akka.util.ByteString;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.coordinator.http.server.HttpSettings;
import org.jspecify.annotations.Nullable;

/**
 * Reads request bodies whole, within the limits for one and for all together. What a client sends
 * beyond the limit is read and dropped for a while, so that it gets to see the answer.
 */
final class Bodies {
  /** How far beyond the limit a body is still read before the connection is broken. */
  private static final int PATIENCE = 4;

  /** How long an answer waits for a body that is dropped. */
  private static final Duration COURTESY = Duration.ofSeconds(2);

  /** What becomes of a body takes more than five times its size; and others want room too. */
  private static final int HEAP_SHARE = 10;

  private final HttpSettings settings;
  private final Materializer materializer;
  private final long memory;
  private final long largest;
  private final AtomicLong held = new AtomicLong();

  /**
   * With the bounds of the settings, or less where memory is short.
   *
   * @param heap bytes that this process may use for everything
   */
  Bodies(HttpSettings settings, Materializer materializer, long heap) {
    this.settings = settings;
    this.materializer = materializer;
    this.memory = Math.min(settings.bodyMemory(), heap / HEAP_SHARE);
    this.largest = Math.min(settings.maxBody(), heap / HEAP_SHARE);
  }

  /** A body, and the memory that has to be given back once it is answered. */
  final class Body {
    private final byte[] bytes;
    private final AtomicBoolean released = new AtomicBoolean();

    private Body(byte[] bytes) {
      this.bytes = bytes;
    }

    /** The bytes. */
    byte[] bytes() {
      return bytes;
    }

    /** Gives the memory back; harmless when repeated. */
    void release() {
      if (released.compareAndSet(false, true)) {
        held.addAndGet(-bytes.length);
      }
    }
  }

  /**
   * The body of a request; fails with an {@link ApiException} if it is too large, too slow,
   * encoded, or if too much memory is taken already.
   */
  CompletionStage<Body> read(HttpRequest request) {
    var refusal = refusal(request);
    if (refusal != null) {
      return drop(request)
          .thenCompose(done -> CompletableFuture.failedFuture(new ApiException(refusal)));
    }
    if (request.entity() instanceof HttpEntity.Strict strict) {
      var gathering = new Gathering();
      gathering.add(strict.getData());
      return gathering.body();
    }
    return stream(request);
  }

  /**
   * Reads and drops a body nobody wants, unless the client waits to be asked for it. An answer
   * before the end of a body costs the connection, and many clients do not even see it; so this
   * completes once all is read, but after {@link #COURTESY} in any case, and never fails.
   */
  CompletionStage<Void> drop(HttpRequest request) {
    if (request.entity() instanceof HttpEntity.Strict || request.getHeader("Expect").isPresent()) {
      return CompletableFuture.completedFuture(null);
    }
    var gathering = new Gathering();
    gathering.refuse();
    return request
        .entity()
        .withoutSizeLimit()
        .getDataBytes()
        .completionTimeout(settings.bodyTimeout())
        .runForeach(gathering::add, materializer)
        .<Void>handle((done, failure) -> null)
        .toCompletableFuture()
        .completeOnTimeout(null, COURTESY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private CompletionStage<Body> stream(HttpRequest request) {
    var gathering = new Gathering();
    return request
        .entity()
        .withoutSizeLimit()
        .getDataBytes()
        .completionTimeout(settings.bodyTimeout())
        .runForeach(gathering::add, materializer)
        .handle(
            (done, failure) -> {
              if (failure == null) {
                return gathering.body();
              }
              gathering.giveBack();
              return CompletableFuture.<Body>failedFuture(explained(failure));
            })
        .thenCompose(stage -> stage);
  }

  private @Nullable ApiError refusal(HttpRequest request) {
    if (request.entity().getContentLengthOption().orElse(0) > largest) {
      return tooLarge();
    }
    var encoding = request.getHeader("Content-Encoding");
    if (encoding.isPresent() && !encoding.get().value().equalsIgnoreCase("identity")) {
      return ApiError.client(
          415, "unsupported_encoding", "the body must be sent without content encoding");
    }
    return null;
  }

  private ApiError tooLarge() {
    return ApiError.client(
        413,
        "request_too_large",
        "the body is larger than %d bytes (%s)"
            .formatted(
                largest,
                largest < settings.maxBody()
                    ? "a tenth of this host's heap: BROKE_JAVA_OPTS=-Xmx1g allows more"
                    : "broke.http.max-body"));
  }

  private static Throwable explained(Throwable failure) {
    var cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ApiException) {
      return cause;
    }
    return new ApiException(
        cause instanceof TimeoutException
            ? ApiError.client(408, "request_timeout", "the body took too long to arrive")
            : ApiError.invalid("incomplete_body", "the body ended early or could not be read"));
  }

  /** One body on its way in; used by one stream, element by element. */
  private final class Gathering {
    private byte[] bytes = new byte[0];
    private int length;
    private long reserved;
    private long dropped;
    private boolean refused;
    private boolean noMemory;

    void add(ByteString more) {
      int count = more.size();
      if (!refused && (long) length + count > largest) {
        refuse();
      }
      if (!refused && !reserve(count)) {
        noMemory = true;
        refuse();
      }
      if (refused) {
        dropped += count;
        if (dropped > PATIENCE * largest) {
          throw new ApiException(tooLarge());
        }
        return;
      }
      append(more, count);
    }

    void refuse() {
      refused = true;
      giveBack();
      bytes = new byte[0];
      length = 0;
    }

    void giveBack() {
      held.addAndGet(-reserved);
      reserved = 0;
    }

    CompletionStage<Body> body() {
      if (noMemory) {
        return CompletableFuture.failedFuture(
            new ApiException(
                ApiError.server(
                        503,
                        "too_many_bodies",
                        "requests in progress take all memory for bodies"
                            + " (broke.http.body-memory, or a tenth of the heap)")
                    .retryAfter(1_000)));
      }
      if (refused) {
        return CompletableFuture.failedFuture(new ApiException(tooLarge()));
      }
      var whole = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
      return CompletableFuture.completedFuture(new Body(whole));
    }

    private boolean reserve(int count) {
      if (held.addAndGet(count) > memory) {
        held.addAndGet(-count);
        return false;
      }
      reserved += count;
      return true;
    }

    private void append(ByteString more, int count) {
      if (length == 0) {
        bytes = more.toArray();
      } else {
        if (length + count > bytes.length) {
          bytes = Arrays.copyOf(bytes, Math.max(length + count, grown()));
        }
        more.copyToArray(bytes, length, count);
      }
      length += count;
    }

    private int grown() {
      return (int) Math.min(bytes.length * 2L, largest);
    }
  }
}
