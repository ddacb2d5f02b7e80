package org.brokecluster.simulation;

import java.util.Locale;

/** What must be true of every run, whatever happens in it. */
enum Invariant {
  /** A request ends exactly once: an answer, an honest error, or its client is gone. */
  ENDS_ONCE("every request ends exactly once"),
  /** Every letter a client gets is the one that belongs there. */
  TEXT("no letter is lost, repeated or changed"),
  /** An answer that ends well is whole. */
  COMPLETE("a broken answer never looks complete"),
  /** The tokens a client is told of are those it got. */
  USAGE("usage counts what the client got"),
  /** No model has more streams than slots. */
  SLOTS("no model has more streams than slots"),
  /** What was taken back, or is over, is not begun. */
  TAKEN_BACK("what was taken back is not begun"),
  /** A node does not work for an edge that is gone. */
  DEAD_EDGE("nobody works for an edge that is gone"),
  /** When all is over nobody holds anything. */
  REST("nothing is held when all is over"),
  /** Tickets of an older router are not obeyed once a newer one has been heard. */
  FENCING("an older router is not obeyed after a newer one"),
  /** No two routers use the same term. */
  ONE_ROUTER("one router acts in each term"),
  /** The queue of a router is bounded. */
  QUEUE("queues stay within their bounds"),
  /** Attempts stay within their budget. */
  ATTEMPTS("attempts stay within their budget"),
  /** A request waits no longer than it was promised. */
  WAITS("nobody waits beyond the bound"),
  /** Whoever has waited for long is served before many others. */
  STARVES("nobody starves: who has waited for long is served before many others"),
  /** What can be answered is answered, although something broke. */
  ANSWERED("what can be answered is answered"),
  /** A sick place is spared. */
  SPARED("a place that always fails is spared"),
  /** What the router knows follows from what it recorded. */
  RECORDED("the recorded events lead to what the router knows of breakers and has learned");

  private final String text;

  Invariant(String text) {
    this.text = text;
  }

  /** Name in reports. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it says, for people. */
  String text() {
    return text;
  }
}
