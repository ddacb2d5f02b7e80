package org.brokecluster.coordinator.request;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.brokecluster.coordinator.http.ContractHeaders;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.coordinator.http.openai.AnswerAssembler;
import org.brokecluster.coordinator.http.openai.AnswerIdentity;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.Placement;
import org.jspecify.annotations.Nullable;

/** An answer that the client gets in one piece, so that any attempt may still be replaced. */
final class WholeAnswer implements AnswerSide {
  private final ChatCall call;
  private final AnswerSettings settings;
  private final CompletableFuture<HttpResponse> response;
  private final AnswerAssembler assembler;
  private final @Nullable KeptAnswer kept;

  /**
   * An answer without content.
   *
   * @param kept where it is kept for a client that comes back; null if it is not
   */
  WholeAnswer(
      ChatCall call,
      AnswerSettings settings,
      CompletableFuture<HttpResponse> response,
      @Nullable KeptAnswer kept) {
    this.call = call;
    this.settings = settings;
    this.response = response;
    this.kept = kept;
    this.assembler = new AnswerAssembler(call.api(), settings.answerMax());
  }

  @Override
  public void open(Placement placement, int attempts) {
    // The status is not known before the answer is whole.
  }

  @Override
  public void comment(String text) {
    // JSON has no place for comments.
  }

  @Override
  public void note(String text) {
    // JSON has no place for comments.
  }

  @Override
  public void expect(long etaMs) {
    // Headers go out with the answer, when there is nothing left to expect.
  }

  @Override
  public boolean emit(List<TokenChunk> chunks, @Nullable Placement placement) {
    for (var chunk : chunks) {
      if (!assembler.add(chunk)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void restart() {
    assembler.clear();
  }

  @Override
  public void finish(
      FinishReason reason, Usage usage, @Nullable Placement placement, int attempts) {
    var headers = settings.headers(call.request(), placement, attempts);
    var model = placement == null ? call.model() : placement.model().value();
    var identity =
        AnswerIdentity.of(call.api(), call.request(), settings.epochSeconds().getAsLong(), model);
    var extras = call.extras().explain() ? headers.json() : null;
    var body = assembler.render(identity, reason, usage, extras);
    if (kept != null) {
      kept.whole(KeptHeads.whole(200, headers), body, settings.clock().getAsLong());
    }
    response.complete(
        HttpResponse.create()
            .addHeaders(headers.headers())
            .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body)));
  }

  @Override
  public void fail(ApiError error) {
    if (kept != null) {
      var head = KeptHeads.whole(error.status(), ContractHeaders.of(call.request()));
      kept.whole(head, error.json(), settings.clock().getAsLong());
    }
    response.completeExceptionally(new ApiException(error));
  }

  @Override
  public void tick(long nowMs) {
    // Nothing to do before the answer is whole.
  }

  @Override
  public boolean congested() {
    return false;
  }

  @Override
  public void abandon() {
    if (kept != null) {
      kept.clientGone(settings.clock().getAsLong());
    }
  }

  @Override
  public boolean forsaken(long nowMs) {
    return kept != null && kept.over(nowMs);
  }
}
