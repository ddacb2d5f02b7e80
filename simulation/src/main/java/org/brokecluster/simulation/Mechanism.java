package org.brokecluster.simulation;

import java.util.Locale;

/**
 * What keeps promises in the product and can be left out of a simulation, to prove that somebody
 * would notice.
 */
enum Mechanism {
  /** An answer that broke off goes on elsewhere. */
  RESCUE("answers that break off go on elsewhere"),
  /** A silent attempt is given up. */
  STALL_LIMIT("a silent attempt is given up"),
  /** Nodes refuse tickets of older routers. */
  FENCING("nodes refuse tickets of older routers"),
  /** A new router takes a term above all earlier ones. */
  TERMS("a new router takes a term above all earlier ones"),
  /** Submits are repeated until somebody answers. */
  RESUBMISSION("submits are repeated"),
  /** The router frees tickets that nodes no longer report. */
  LEDGER_ECHO("the router frees tickets that nodes no longer report"),
  /** Places that fail again and again are left alone. */
  BREAKER("places that fail again and again are left alone"),
  /** A cancel that overtakes its ticket is remembered. */
  TOMBSTONES("ended and cancelled attempts are remembered"),
  /** A node that is silent is suspected soon. */
  BEATS("silent nodes are suspected by their beats"),
  /** Nodes take back what silent edges own. */
  EDGE_WATCH("nodes take back what silent edges own"),
  /** Reports are repeated until the router has noted them. */
  REPORT_REPEAT("reports are repeated"),
  /** Another attempt follows one that broke. */
  RETRY("another attempt follows one that broke"),
  /** Whoever has waited for long comes first now and then, whatever its class. */
  AGEING("whoever has waited for long comes first now and then"),
  /** A lost batch of tokens is noticed. */
  SEQUENCE("a lost batch of tokens is noticed");

  private final String text;

  Mechanism(String text) {
    this.text = text;
  }

  /** Name on the command line. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it does, for people. */
  String text() {
    return text;
  }
}
