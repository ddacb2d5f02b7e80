package org.brokecluster.coordinator.request;

import java.util.ArrayList;
import org.brokecluster.coordinator.http.ContractHeaders;
import org.brokecluster.protocol.edge.KeptProtocol.Head;

/** How the response of a kept answer begins. */
final class KeptHeads {
  private static final int OK = 200;

  private KeptHeads() {}

  /** Of a stream. */
  static Head stream(ContractHeaders headers) {
    return head(OK, "text/event-stream", headers);
  }

  /** Of an answer or error in one piece. */
  static Head whole(int status, ContractHeaders headers) {
    return head(status, "application/json", headers);
  }

  private static Head head(int status, String type, ContractHeaders headers) {
    var pairs = new ArrayList<String>();
    for (var header : headers.headers()) {
      pairs.add(header.name());
      pairs.add(header.value());
    }
    return new Head(status, type, pairs);
  }
}
