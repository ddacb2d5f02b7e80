package org.brokecluster.coordinator.history.content;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.concurrent.CompletionStage;
import org.brokecluster.protocol.history.ContentProtocol.Command;
import org.brokecluster.protocol.history.ContentProtocol.Erase;
import org.brokecluster.protocol.history.ContentProtocol.GetState;
import org.brokecluster.protocol.history.ContentProtocol.Keep;
import org.brokecluster.protocol.history.ContentProtocol.Note;
import org.brokecluster.protocol.history.ContentProtocol.Read;
import org.brokecluster.protocol.history.HistoryProtocol.Document;

/** Takes texts and hands them out; every answer comes from the history's own threads. */
final class ContentActor extends AbstractBehavior<Command> {
  private final ContentStore store;

  private ContentActor(ActorContext<Command> context, ContentStore store) {
    super(context);
    this.store = store;
  }

  static Behavior<Command> create(ContentStore store) {
    return Behaviors.setup(context -> new ContentActor(context, store));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Keep.class, this::onKeep)
        .onMessage(Note.class, this::onNote)
        .onMessage(Read.class, this::onRead)
        .onMessage(Erase.class, this::onErase)
        .onMessage(GetState.class, this::onGetState)
        .build();
  }

  private Behavior<Command> onKeep(Keep order) {
    store.keep(order.texts()).thenAccept(order.replyTo()::tell);
    return this;
  }

  private Behavior<Command> onNote(Note note) {
    store.note(note, System.currentTimeMillis()).thenAccept(note.replyTo()::tell);
    return this;
  }

  private Behavior<Command> onRead(Read question) {
    store.read(question).thenAccept(question.replyTo()::tell);
    return this;
  }

  private Behavior<Command> onErase(Erase order) {
    answer(order.replyTo(), store.erase(order.id(), order.before()));
    return this;
  }

  private Behavior<Command> onGetState(GetState question) {
    answer(question.replyTo(), store.state());
    return this;
  }

  private static void answer(ActorRef<Document> replyTo, CompletionStage<String> json) {
    json.whenComplete(
        (found, failure) ->
            replyTo.tell(
                failure == null
                    ? new Document(found, null)
                    : new Document(
                        null, ContentStore.reason(failure), ContentStore.isMisuse(failure))));
  }
}
