package org.brokecluster.coordinator.http.route;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.RawHeader;
import java.util.List;

/** What browsers ask before, and want to read after, a call from another origin. */
final class Preflight {
  private Preflight() {}

  /** Answer of an {@code OPTIONS}; says what a path allows, and nothing of origins. */
  static HttpResponse response(String allow) {
    return HttpResponse.create()
        .withStatus(StatusCodes.NO_CONTENT)
        .addHeader(RawHeader.create("Allow", allow));
  }

  /** Lets pages of an origin that is allowed read a response. */
  static HttpResponse allow(HttpResponse response, String origin) {
    return response.addHeaders(
        List.of(
            RawHeader.create("Access-Control-Allow-Origin", origin),
            RawHeader.create("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, OPTIONS"),
            RawHeader.create("Access-Control-Allow-Headers", "authorization, content-type, *"),
            RawHeader.create("Access-Control-Expose-Headers", "*"),
            RawHeader.create("Access-Control-Max-Age", "600"),
            RawHeader.create("Vary", "Origin")));
  }
}
