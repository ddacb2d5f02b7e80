package org.brokecluster.protocol.node;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.brokecluster.protocol.CborMessage;
import org.brokecluster.protocol.edge.EdgeProtocol;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.Baseline;
import org.brokecluster.protocol.model.MachineKind;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.RouterProtocol;
import org.jspecify.annotations.Nullable;

/** What a node accepts: tickets from the router, then the prompt from the edge. */
public interface NodeProtocol {

  /** Anything a node accepts. */
  sealed interface Command extends CborMessage
      permits Ticket,
          Cancel,
          EdgeBeat,
          Drain,
          Drill,
          ModelCommand,
          ReadSpeeds,
          AdoptSpeeds,
          Pull,
          Internal {}

  /** Root for messages a node sends to itself; open so that they can stay private there. */
  non-sealed interface Internal extends Command {}

  /**
   * The router's order to answer one attempt here. Repeating it is harmless: the node says {@link
   * EdgeProtocol.Ready} again.
   *
   * @param term the router's term; an older one than the node has seen is refused
   * @param number counts the tickets of this term to this node, from 1
   * @param expectedTokens expected length of the answer
   */
  record Ticket(
      AttemptId attempt,
      long term,
      long number,
      Api api,
      Placement placement,
      long promptBytes,
      int expectedTokens,
      ActorRef<EdgeProtocol.Command> edge,
      ActorRef<RouterProtocol.Command> router)
      implements Command {}

  /**
   * Stops an attempt, whether running, waiting, or not yet heard of: a cancel that overtakes its
   * ticket is remembered, and the ticket is then answered by nothing.
   */
  record Cancel(AttemptId attempt) implements Command {}

  /**
   * The edge lives and still owns these attempts here.
   *
   * @param attempts attempts the edge believes to be open on this node
   */
  record EdgeBeat(ActorRef<EdgeProtocol.Command> edge, List<AttemptId> attempts)
      implements Command {
    /** Copies the list. */
    public EdgeBeat {
      attempts = List.copyOf(attempts);
    }
  }

  /** Starts ({@code on}) or ends a drain: running attempts finish, new tickets are refused. */
  record Drain(boolean on, ActorRef<Done> replyTo) implements Command {}

  /**
   * Plays a fault, for a while, on a node that is willing; answered before it begins.
   *
   * @param seconds how long, at least 1; the node sees to its end by itself
   */
  record Drill(DrillKind kind, int seconds, ActorRef<Done> replyTo) implements Command {}

  /**
   * Asks for a change in a model's residency.
   *
   * @param keepSeconds after a load, how long it stays although nobody uses it, if memory allows; 0
   *     for as long as any other
   */
  record ModelCommand(ModelId model, ModelAction action, long keepSeconds, ActorRef<Done> replyTo)
      implements Command {}

  /** What can be done to a model on a node. */
  enum ModelAction {
    LOAD,
    UNLOAD,
    PIN,
    UNPIN
  }

  /** Asks for everything that was measured here. */
  record ReadSpeeds(ActorRef<Speeds> replyTo) implements Command {}

  /**
   * Answers {@link ReadSpeeds}.
   *
   * @param machine what they were measured on
   */
  record Speeds(NodeId node, MachineKind machine, List<Baseline> speeds) implements CborMessage {
    /** Copies the list. */
    public Speeds {
      speeds = List.copyOf(speeds);
    }
  }

  /**
   * Asks to believe figures of another machine for models of which nothing was measured here.
   *
   * @param machine what they were measured on; refused if it is of another kind
   * @param force believe them all the same
   */
  record AdoptSpeeds(
      MachineKind machine, List<Baseline> speeds, boolean force, ActorRef<Done> replyTo)
      implements Command {
    /** Copies the list. */
    public AdoptSpeeds {
      speeds = List.copyOf(speeds);
    }
  }

  /**
   * Begins to fetch a model, tells how far that is, or stops it. Beginning what has begun is
   * harmless, so it may be repeated.
   *
   * @param model as people write it, such as {@code mlx-community/Qwen3-4B-4bit}
   * @param include patterns of the files to fetch, such as {@code *Q4_K_M*}; empty to let the node
   *     choose
   */
  record Pull(String model, List<String> include, PullAction action, ActorRef<PullStatus> replyTo)
      implements Command {
    /** Copies the list. */
    public Pull {
      include = List.copyOf(include);
    }
  }

  /** What can be done about the fetching of a model. */
  enum PullAction {
    START,
    LOOK,
    STOP
  }

  /**
   * How far the fetching of a model is.
   *
   * @param model its name in the one form that is used everywhere
   * @param files files to fetch, 0 while that is unknown
   * @param bytes size of all of them, 0 while that is unknown
   * @param bytesDone bytes that are on disk
   * @param bytesPerSecond speed of late; absent if nothing was fetched
   * @param message what goes on or went wrong, for people
   */
  record PullStatus(
      NodeId node,
      String model,
      PullPhase phase,
      int files,
      int filesDone,
      long bytes,
      long bytesDone,
      @Nullable Long bytesPerSecond,
      String message)
      implements CborMessage {}

  /** Where the fetching of a model stands. */
  enum PullPhase {
    /** Nobody has asked for it here. */
    UNKNOWN,
    /** The hub is asked what the model consists of. */
    ASKING,
    /** Files are on their way. */
    FETCHING,
    /** All files are here and are what they should be. */
    DONE,
    /** It did not work; the message says why, and what is here is kept for the next try. */
    FAILED,
    /** Somebody stopped it; what is here is kept for the next try. */
    STOPPED,
    /** It is not going to be tried. */
    REFUSED;

    /** Whether nothing more will happen. */
    public boolean over() {
      return this != ASKING && this != FETCHING;
    }
  }

  /** Most entries of {@link Speeds} and {@link AdoptSpeeds}; keeps them within a frame. */
  int SPEEDS_MAX = 500;

  /**
   * A node did, or refused, what it was asked.
   *
   * @param message what happened, for people
   */
  record Done(boolean accepted, NodeId node, String message) implements CborMessage {}

  /** Why a node does not take a ticket. */
  enum TicketRefusal {
    /** A newer router has spoken already. */
    STALE_TERM,
    /** No slot is free, and one ticket for each slot waits already. */
    FULL,
    /** The node takes no new work. */
    DRAINING,
    /** The model is not here, or has failed. */
    MODEL_UNAVAILABLE
  }
}
