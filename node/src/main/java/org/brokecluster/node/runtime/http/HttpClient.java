package org.brokecluster.node.runtime.http;

import java.net.URI;
import java.time.Duration;

/**
 * A client for one server: HTTP/1.1, no redirects, no retries, no limit on time but the one for
 * connecting. Safe for use from any thread; never blocks its callers.
 */
public interface HttpClient {
  /** An exchange that tells the handler of its answer; nothing is sent yet. */
  Exchange exchange(ResponseHandler handler);

  /** Closes all connections without a word to their handlers. */
  void close();

  /**
   * A client for a server.
   *
   * @param server any address at the server, with scheme http or https
   * @param maxConnections requests above this number fail, where they are counted (http)
   * @param name of its threads
   */
  static HttpClient of(URI server, Duration connectTimeout, int maxConnections, String name) {
    return "https".equals(server.getScheme())
        ? new SecureHttpClient(connectTimeout, name)
        : new PlainHttpClient(server, connectTimeout, maxConnections, name);
  }
}
