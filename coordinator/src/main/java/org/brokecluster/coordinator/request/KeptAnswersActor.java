package org.brokecluster.coordinator.request;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import java.util.function.Predicate;
import org.brokecluster.coordinator.http.error.ErrorStatus;
import org.brokecluster.protocol.edge.KeptProtocol;
import org.brokecluster.protocol.edge.KeptProtocol.Gone;
import org.brokecluster.protocol.edge.KeptProtocol.Read;
import org.brokecluster.protocol.edge.KeptProtocol.Reply;
import org.brokecluster.protocol.id.RequestId;

/** Lets other edges read the answers this one keeps, for one membership. */
public final class KeptAnswersActor extends AbstractBehavior<KeptProtocol.Command> {
  /** What edges register as; the actor's name tells which process it belongs to. */
  public static final ServiceKey<KeptProtocol.Command> KEY =
      ServiceKey.create(KeptProtocol.Command.class, "kept-answers");

  private static final String PREFIX = "kept-";

  private final KeptAnswers answers;
  private final Predicate<RequestId> made;

  private KeptAnswersActor(
      ActorContext<KeptProtocol.Command> context, KeptAnswers answers, Predicate<RequestId> made) {
    super(context);
    this.answers = answers;
    this.made = made;
    context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
  }

  /**
   * Reads from these.
   *
   * @param made whether a request was made here at all
   */
  public static Behavior<KeptProtocol.Command> create(
      KeptAnswers answers, Predicate<RequestId> made) {
    return Behaviors.setup(context -> new KeptAnswersActor(context, answers, made));
  }

  /**
   * Name of the actor of a process.
   *
   * @param process what the ids of its requests begin with
   */
  public static String name(String process) {
    return PREFIX + process;
  }

  /** The process an actor belongs to. */
  public static String process(ActorRef<KeptProtocol.Command> actor) {
    return actor.path().name().substring(PREFIX.length());
  }

  @Override
  public Receive<KeptProtocol.Command> createReceive() {
    return newReceiveBuilder().onMessage(Read.class, this::onRead).build();
  }

  private Behavior<KeptProtocol.Command> onRead(Read read) {
    var replyTo = read.replyTo();
    if (!made.test(read.request())) {
      replyTo.tell(gone(read, KeptAnswers.unknown()));
      return this;
    }
    answers
        .read(read.request(), read.after(), read.owner())
        .<Reply>handle((part, failure) -> failure == null ? part : gone(read, failure))
        .thenAccept(replyTo::tell);
    return this;
  }

  private static Reply gone(Read read, Throwable failure) {
    var error = ErrorStatus.of(failure, read.request().value());
    return new Gone(error.status(), error.code(), error.message());
  }
}
