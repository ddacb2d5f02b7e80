package org.brokecluster.coordinator.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.brokecluster.coordinator.collect.PackedText;
import org.brokecluster.protocol.history.ContentFilter;
import org.brokecluster.protocol.history.ContentProtocol;
import org.brokecluster.protocol.history.ContentProtocol.Kept;
import org.brokecluster.protocol.history.ContentProtocol.Page;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/** Kept texts on two pages; remembers what it was asked. */
public final class FakeCollectDesk implements CollectDesk {
  private final List<String> orders;
  private final List<ContentProtocol.Text> taken = new CopyOnWriteArrayList<>();
  private volatile Kept refusal = new Kept(0, 0, null, false);

  FakeCollectDesk(List<String> orders) {
    this.orders = orders;
  }

  /** Texts that were to be kept. */
  public List<ContentProtocol.Text> taken() {
    return taken;
  }

  /** Keeps nothing from now on, or, without a reason, everything. */
  public void refuse(@Nullable String reason, boolean again) {
    refusal = new Kept(0, 0, reason, again);
  }

  @Override
  public CompletionStage<Page> texts(
      ContentFilter filter, int limit, @Nullable String before, boolean countOnly) {
    orders.add(
        "texts "
            + limit
            + " "
            + before
            + (countOnly ? " counted" : "")
            + (filter.equals(ContentFilter.ALL) ? "" : " " + filter));
    var problem = JsonNodeFactory.instance.objectNode().put("name", before == null ? "b" : "a");
    return done(
        new Page(
            countOnly ? List.of() : List.of(PackedText.pack(problem)),
            1,
            Map.of("email", 2),
            0,
            before == null ? "7:x" : null,
            null));
  }

  @Override
  public CompletionStage<String> state() {
    return done("{\"on\":true,\"texts\":2,\"bytes\":900,\"sources\":{\"api\":2},\"days\":30}");
  }

  @Override
  public CompletionStage<Kept> keep(List<ContentProtocol.Text> texts) {
    orders.add("keep " + texts.size());
    if (refusal.refusal() != null) {
      return done(refusal);
    }
    taken.addAll(texts);
    return done(new Kept(texts.size(), 0, null, false));
  }

  @Override
  public CompletionStage<Optional<String>> note(
      RequestId request, @Nullable String reason, @Nullable String tests) {
    orders.add("note " + request + " " + reason + " " + tests);
    return done(tests == null ? Optional.empty() : Optional.of("texts are not kept"));
  }

  @Override
  public CompletionStage<String> erase(@Nullable String id, @Nullable Long before) {
    orders.add("erase " + id + " " + before);
    return done("{\"deleted\":3}");
  }

  private static <T> CompletionStage<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }
}
