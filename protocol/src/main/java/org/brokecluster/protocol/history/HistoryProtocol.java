package org.brokecluster.protocol.history;

import akka.actor.typed.ActorRef;
import java.time.Instant;
import java.util.List;
import org.brokecluster.protocol.CborMessage;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/** Questions any edge may ask the coordinator that keeps the routing history. */
public interface HistoryProtocol {

  /** Anything the history answers. */
  sealed interface Query extends CborMessage
      permits GetRequests,
          GetRequest,
          GetBackup,
          Summarize,
          GetPast,
          Suppose,
          ForgetPerson,
          Verify {}

  /**
   * The latest requests, newest first.
   *
   * @param limit 1 to 500
   * @param before only requests older than this cursor (a {@link Page#next})
   */
  record GetRequests(
      int limit, @Nullable String before, HistoryFilter filter, ActorRef<Page> replyTo)
      implements Query {}

  /**
   * Figures over many requests, in groups.
   *
   * @param by {@code model}, {@code node}, {@code tier}, {@code user}, {@code role}, {@code
   *     strategy} or {@code state}; of attempts not {@code user} and {@code role}, but {@code
   *     failure}
   * @param attempts whether each attempt counts, and not each request
   */
  record Summarize(HistoryFilter filter, String by, boolean attempts, ActorRef<Document> replyTo)
      implements Query {}

  /** The cluster and what it was doing at a past moment. */
  record GetPast(Instant at, ActorRef<Document> replyTo) implements Query {}

  /** Plays recorded requests again under other conditions and compares. */
  record Suppose(WhatIf order, ActorRef<Document> replyTo) implements Query {}

  /** Forgets who a person's opaque ids stand for; what is stored then names nobody. */
  record ForgetPerson(String name, ActorRef<Document> replyTo) implements Query {}

  /** Everything recorded about one request. */
  record GetRequest(RequestId request, ActorRef<Document> replyTo) implements Query {}

  /**
   * A piece of the text of a backup of the whole history, in lines of JSON; answered with a page of
   * one item, which may begin and end anywhere in a line.
   *
   * @param cursor a {@link Page#next}, or null for the first piece
   * @param texts whether prompts and answers that are kept come too, sealed as they are; counts
   *     with the first piece
   */
  record GetBackup(@Nullable String cursor, boolean texts, ActorRef<Page> replyTo)
      implements Query {}

  /** Folds all stored events again and compares with the live router's checkpoints. */
  record Verify(ActorRef<Document> replyTo) implements Query {}

  /**
   * A page of JSON objects.
   *
   * @param next cursor for the following page, or null at the end
   * @param error why there is no page, or null
   */
  record Page(List<String> items, @Nullable String next, @Nullable String error)
      implements CborMessage {
    /** Copies the list. */
    public Page {
      items = List.copyOf(items);
    }

    /** A page that was found. */
    public Page(List<String> items, @Nullable String next) {
      this(items, next, null);
    }

    /** No page, and why. */
    public static Page failed(String error) {
      return new Page(List.of(), null, error);
    }
  }

  /**
   * A JSON document, or null if there is nothing; an error text if the question failed.
   *
   * @param misuse whether it failed because nothing sensible was asked
   */
  record Document(@Nullable String json, @Nullable String error, boolean misuse)
      implements CborMessage {
    /** An answer, or a failure that may pass. */
    public Document(@Nullable String json, @Nullable String error) {
      this(json, error, false);
    }
  }
}
