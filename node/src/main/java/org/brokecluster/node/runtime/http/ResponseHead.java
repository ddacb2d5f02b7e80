package org.brokecluster.node.runtime.http;

import java.util.Map;
import java.util.Optional;

/**
 * Status and headers of an answer.
 *
 * @param headers first value of each header by its lower-case name
 */
public record ResponseHead(int status, Map<String, String> headers) {
  /** Copies the headers. */
  public ResponseHead {
    headers = Map.copyOf(headers);
  }

  /** First value of a header, whose name is given in lower case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }
}
