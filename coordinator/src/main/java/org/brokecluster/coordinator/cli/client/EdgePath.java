package org.brokecluster.coordinator.cli.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The path of an endpoint and its parameters. What a user typed is encoded, so that it can say
 * nothing but itself.
 *
 * @param text as it is sent
 */
public record EdgePath(String text) {
  /** An endpoint's path as it stands in its documentation. */
  public static EdgePath of(String path) {
    return new EdgePath(path);
  }

  /** What there is about one machine. */
  public static EdgePath ofNode(String node) {
    return of("/api/nodes").part(node);
  }

  /** One part more, such as a name or an id. */
  public EdgePath part(String part) {
    return new EdgePath(text + "/" + encoded(part));
  }

  /** A parameter more, unless it is null. */
  public EdgePath with(String name, @Nullable Object value) {
    return value == null
        ? this
        : new EdgePath(
            text + (text.contains("?") ? "&" : "?") + name + "=" + encoded(value.toString()));
  }

  /** A blank is a plus in a form only; in a path that would be a plus. */
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return text;
  }
}
