package org.brokecluster.coordinator.history;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.history.store.HistoryReader;
import org.brokecluster.protocol.history.HistoryProtocol.Document;
import org.brokecluster.protocol.history.HistoryProtocol.ForgetPerson;
import org.brokecluster.protocol.history.HistoryProtocol.GetBackup;
import org.brokecluster.protocol.history.HistoryProtocol.GetPast;
import org.brokecluster.protocol.history.HistoryProtocol.GetRequest;
import org.brokecluster.protocol.history.HistoryProtocol.GetRequests;
import org.brokecluster.protocol.history.HistoryProtocol.Page;
import org.brokecluster.protocol.history.HistoryProtocol.Query;
import org.brokecluster.protocol.history.HistoryProtocol.Summarize;
import org.brokecluster.protocol.history.HistoryProtocol.Suppose;
import org.brokecluster.protocol.history.HistoryProtocol.Verify;

/** Answers questions to the history; every answer comes from the history's own threads. */
final class HistoryActor extends AbstractBehavior<Query> {
  private final HistoryQueries queries;

  private HistoryActor(ActorContext<Query> context, HistoryQueries queries) {
    super(context);
    this.queries = queries;
  }

  static Behavior<Query> create(HistoryQueries queries) {
    return Behaviors.setup(context -> new HistoryActor(context, queries));
  }

  @Override
  public Receive<Query> createReceive() {
    return newReceiveBuilder()
        .onMessage(GetRequests.class, this::onGetRequests)
        .onMessage(GetRequest.class, this::onGetRequest)
        .onMessage(GetBackup.class, this::onGetBackup)
        .onMessage(Summarize.class, this::onSummarize)
        .onMessage(GetPast.class, this::onGetPast)
        .onMessage(Suppose.class, this::onSuppose)
        .onMessage(ForgetPerson.class, this::onForgetPerson)
        .onMessage(Verify.class, this::onVerify)
        .build();
  }

  private Behavior<Query> onGetRequests(GetRequests query) {
    page(query.replyTo(), queries.requests(query.limit(), query.before(), query.filter()));
    return this;
  }

  private Behavior<Query> onGetBackup(GetBackup query) {
    page(query.replyTo(), queries.backup(query.cursor(), query.texts()));
    return this;
  }

  private Behavior<Query> onGetRequest(GetRequest query) {
    answer(query.replyTo(), queries.request(query.request()));
    return this;
  }

  private Behavior<Query> onSummarize(Summarize query) {
    var found = queries.summary(query.filter(), query.by(), query.attempts());
    answer(query.replyTo(), found.thenApply(Optional::of));
    return this;
  }

  private Behavior<Query> onGetPast(GetPast query) {
    answer(query.replyTo(), queries.past(query.at()));
    return this;
  }

  private Behavior<Query> onSuppose(Suppose query) {
    answer(query.replyTo(), queries.suppose(query.order()).thenApply(Optional::of));
    return this;
  }

  private Behavior<Query> onForgetPerson(ForgetPerson query) {
    answer(query.replyTo(), queries.forget(query.name()).thenApply(Optional::of));
    return this;
  }

  private Behavior<Query> onVerify(Verify query) {
    answer(query.replyTo(), queries.verify().thenApply(Optional::of));
    return this;
  }

  private void page(ActorRef<Page> replyTo, CompletionStage<HistoryReader.RequestPage> found) {
    found.whenComplete(
        (page, failure) ->
            replyTo.tell(
                failure == null
                    ? new Page(page.items(), page.next())
                    : Page.failed(queries.reason(failure))));
  }

  private void answer(ActorRef<Document> replyTo, CompletionStage<Optional<String>> json) {
    json.whenComplete(
        (found, failure) ->
            replyTo.tell(
                failure == null
                    ? new Document(found.orElse(null), null)
                    : new Document(
                        null, queries.reason(failure), HistoryQueries.isMisuse(failure))));
  }
}
