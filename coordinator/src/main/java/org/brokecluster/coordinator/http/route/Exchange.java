package org.brokecluster.coordinator.http.route;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.Uri;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.brokecluster.coordinator.http.ConnectionWatch;
import org.brokecluster.protocol.id.RequestId;

/**
 * One request on its way through the routes.
 *
 * @param id id of the request, also where nothing is generated
 * @param parameters values of the path's placeholders, decoded
 */
record Exchange(
    RequestId id, HttpRequest http, ConnectionWatch watch, Map<String, String> parameters) {
  private static final String OURS = "x-broke-";

  /** A placeholder's value. */
  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** A query parameter's first value. */
  Optional<String> query(String name) {
    return http.getUri().query(StandardCharsets.UTF_8, Uri.RELAXED).get(name);
  }

  /** The headers that are ours, by lower-case name; of a repeated one the first. */
  Map<String, String> ourHeaders() {
    Map<String, String> found = Map.of();
    for (var header : http.getHeaders()) {
      if (header.lowercaseName().startsWith(OURS)) {
        if (found.isEmpty()) {
          found = new HashMap<>();
        }
        found.putIfAbsent(header.lowercaseName(), header.value());
      }
    }
    return found;
  }
}
