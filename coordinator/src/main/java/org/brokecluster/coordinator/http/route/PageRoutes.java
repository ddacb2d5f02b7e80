package org.brokecluster.coordinator.http.route;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The page at {@code /}: how to call the cluster, a prompt to try, how the nodes are, the latest
 * requests and why they went where they went. Files from our jar only.
 */
final class PageRoutes {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  void addTo(RouteTable table) {
    add(table, "/", "index.html", "text/html");
    add(table, "/page.css", "page.css", "text/css");
    add(table, "/page.js", "page.js", "text/javascript");
    add(table, "/ask.js", "ask.js", "text/javascript");
    add(table, "/requests.js", "requests.js", "text/javascript");
  }

  private static void add(RouteTable table, String path, String file, String type) {
    var response = secured(Responses.page(type, content(file)));
    table.add("GET", path, exchange -> Responses.done(response));
  }

  private static HttpResponse secured(HttpResponse response) {
    return response.addHeaders(
        List.of(
            RawHeader.create("Content-Security-Policy", POLICY),
            RawHeader.create("X-Content-Type-Options", "nosniff"),
            RawHeader.create("Referrer-Policy", "no-referrer"),
            RawHeader.create("Cache-Control", "no-cache")));
  }

  private static byte[] content(String file) {
    try (var stream = PageRoutes.class.getResourceAsStream("/broke/page/" + file)) {
      if (stream == null) {
        throw new IllegalStateException("missing from our own jar: broke/page/" + file);
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
