package org.brokecluster.coordinator.request;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.CacheControl;
import akka.http.javadsl.model.headers.CacheDirectives;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.brokecluster.coordinator.http.ClientStream;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.coordinator.http.json.JsonBytes;
import org.brokecluster.coordinator.http.openai.AnswerIdentity;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.coordinator.http.openai.StreamRenderer;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.Placement;
import org.jspecify.annotations.Nullable;

/**
 * An answer that the client gets as it is made. Headers go out when a node has the request, or
 * after a short wait without its name; the first token decides id, role and model of the whole
 * stream.
 */
final class StreamedAnswer implements AnswerSide, ClientStream.Listener {
  private static final ContentType EVENT_STREAM = ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM);

  private final ChatCall call;
  private final AnswerSettings settings;
  private final CompletableFuture<HttpResponse> response;
  private final ClientStream stream;
  private final Consumer<RequestActor.Signal> request;
  private final JsonBytes bytes = new JsonBytes(1024);
  private final @Nullable KeptAnswer kept;
  private @Nullable StreamRenderer renderer;
  private long bornMs = -1;
  private @Nullable Long expectedMs;
  private boolean opened;
  private volatile boolean nodeWaits;
  private boolean abandoned;

  /**
   * An answer without bytes.
   *
   * @param kept where it is kept for a client that comes back; null if it is not
   * @param request told, from the connection's thread, that a slow client has caught up or is gone
   */
  StreamedAnswer(
      ChatCall call,
      AnswerSettings settings,
      CompletableFuture<HttpResponse> response,
      @Nullable KeptAnswer kept,
      Consumer<RequestActor.Signal> request) {
    this.call = call;
    this.settings = settings;
    this.response = response;
    this.stream = new ClientStream(settings.streamBuffer(), settings.silence(), this);
    this.request = request;
    this.kept = kept;
    if (kept != null) {
      kept.begins(KeptHeads.stream(settings.headers(call.request(), null, 0)));
    }
  }

  @Override
  public void open(Placement placement, int attempts) {
    openOnce(placement, attempts);
  }

  private void openOnce(@Nullable Placement placement, int attempts) {
    if (opened) {
      return;
    }
    opened = true;
    var headers = settings.headers(call.request(), placement, attempts, expectedMs);
    if (kept != null) {
      kept.begins(KeptHeads.stream(headers));
    }
    response.complete(
        HttpResponse.create()
            .addHeaders(headers.headers())
            .addHeader(CacheControl.create(CacheDirectives.NO_CACHE))
            .withEntity(HttpEntities.createChunked(EVENT_STREAM, stream.source())));
  }

  @Override
  public void comment(String text) {
    stream.comment(text);
  }

  @Override
  public void note(String text) {
    stream.note(text);
  }

  @Override
  public void expect(long etaMs) {
    expectedMs = etaMs;
  }

  @Override
  public boolean emit(List<TokenChunk> chunks, @Nullable Placement placement) {
    openOnce(placement, 1);
    bytes.clear();
    begin(placement).tokens(chunks, bytes);
    return send();
  }

  @Override
  public void restart() {
    if (renderer != null) {
      throw new IllegalStateException("the client has tokens of the attempt before");
    }
  }

  @Override
  public void finish(
      FinishReason reason, Usage usage, @Nullable Placement placement, int attempts) {
    openOnce(placement, attempts);
    bytes.clear();
    var extras =
        call.extras().explain()
            ? settings.headers(call.request(), placement, attempts).json()
            : null;
    var out = begin(placement);
    out.finish(reason, usage, extras, bytes);
    out.done(bytes);
    send();
    end();
  }

  private void end() {
    stream.complete();
    if (kept != null) {
      kept.ends(settings.clock().getAsLong());
    }
  }

  @Override
  public void fail(ApiError error) {
    if (!opened) {
      response.completeExceptionally(new ApiException(error));
      if (kept == null) {
        return; // nobody else can be reading
      }
    }
    bytes.clear();
    var out = renderer;
    (out == null ? rendererFor(null) : out).error(error, bytes);
    send();
    end();
  }

  @Override
  public void tick(long nowMs) {
    if (bornMs < 0) {
      bornMs = nowMs;
    } else if (nowMs - bornMs >= settings.headersAfter().toMillis()) {
      openOnce(null, 0);
    }
  }

  @Override
  public boolean congested() {
    if (abandoned || stream.waiting() <= settings.congestion()) {
      return false;
    }
    nodeWaits = true;
    // The client may have caught up just before it was told to say so.
    return stream.waiting() > settings.congestion();
  }

  @Override
  public void onDrained(int count, long total) {
    if (nodeWaits) {
      nodeWaits = false;
      request.accept(RequestActor.Signal.DRAINED);
    }
  }

  @Override
  public void onCancelled() {
    request.accept(RequestActor.Signal.CLIENT_GONE);
  }

  @Override
  public void abandon() {
    abandoned = true;
    if (kept != null) {
      kept.clientGone(settings.clock().getAsLong());
    }
  }

  @Override
  public boolean forsaken(long nowMs) {
    return kept != null && kept.over(nowMs);
  }

  /** The renderer; the first time with what begins an answer. */
  private StreamRenderer begin(@Nullable Placement placement) {
    var known = renderer;
    if (known == null) {
      known = rendererFor(placement);
      renderer = known;
      known.start(bytes);
    }
    return known;
  }

  private StreamRenderer rendererFor(@Nullable Placement placement) {
    var model = placement == null ? call.model() : placement.model().value();
    return StreamRenderer.of(
        call.api(),
        AnswerIdentity.of(call.api(), call.request(), settings.epochSeconds().getAsLong(), model),
        call.includeUsage());
  }

  private boolean send() {
    if (kept == null) {
      return stream.offer(bytes.array(), bytes.length()) != ClientStream.Offer.FULL;
    }
    var numbered = kept.events(bytes.array(), bytes.length(), settings.clock().getAsLong());
    if (!abandoned && stream.offer(numbered, numbered.length) == ClientStream.Offer.FULL) {
      stream.fail(); // it may come back for the rest when it can take it
      abandon();
    }
    return true;
  }
}
