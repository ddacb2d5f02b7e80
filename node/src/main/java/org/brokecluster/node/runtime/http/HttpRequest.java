package org.brokecluster.node.runtime.http;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A request with everything in place.
 *
 * @param headers further headers; those for host and length are added
 * @param body empty for none
 */
public record HttpRequest(
    String method, URI uri, Map<String, String> headers, Optional<byte[]> body) {
  /** Copies the headers. */
  public HttpRequest {
    headers = Map.copyOf(headers);
  }

  /** A request without a body. */
  public static HttpRequest get(URI uri, Map<String, String> headers) {
    return new HttpRequest("GET", uri, headers, Optional.empty());
  }

  /** A request with a JSON body. */
  public static HttpRequest postJson(URI uri, Map<String, String> headers, byte[] body) {
    var all = new LinkedHashMap<>(headers);
    all.put("Content-Type", "application/json");
    return new HttpRequest("POST", uri, all, Optional.of(body));
  }

  /** The bytes that go over the wire. */
  byte[] toBytes() {
    var path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    var head = new StringBuilder(256);
    head.append(method).append(' ').append(path).append(query).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(uri.getRawAuthority()).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    body.ifPresent(bytes -> head.append("Content-Length: ").append(bytes.length).append("\r\n"));
    var out = new ByteArrayOutputStream(head.length() + 2 + body.map(b -> b.length).orElse(0));
    out.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    body.ifPresent(out::writeBytes);
    return out.toByteArray();
  }

  /** Shows neither headers, which may hold a key, nor the body. */
  @Override
  public String toString() {
    return method + " " + uri;
  }
}
