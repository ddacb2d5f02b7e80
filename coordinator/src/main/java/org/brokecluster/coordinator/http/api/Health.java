package org.brokecluster.coordinator.http.api;

/**
 * This process lives; says nothing of whether it can answer.
 *
 * @param status always {@code ok}
 * @param service always {@value #SERVICE}, so that a start on a taken port can tell who is there
 * @param node name of this host
 */
public record Health(String status, String service, String node, String version) {
  /** Tells our edges from everything else that speaks HTTP. */
  public static final String SERVICE = "broke";

  /** A living edge. */
  public static Health of(String node, String version) {
    return new Health("ok", SERVICE, node, version);
  }
}
