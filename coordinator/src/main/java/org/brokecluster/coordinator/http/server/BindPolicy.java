package org.brokecluster.coordinator.http.server;

import org.brokecluster.shared.host.StartException;

/** Keeps an edge from being open to a network by accident. */
final class BindPolicy {
  private BindPolicy() {}

  /**
   * Lets loopback addresses pass, others only with both precautions.
   *
   * @throws StartException that says which is missing
   */
  static void check(HttpSettings settings) throws StartException {
    if (settings.loopback()) {
      return;
    }
    if (!settings.insecureLan()) {
      throw new StartException(
          "%s would open this edge to the network without encryption; add --insecure-lan (and an API"
                  .formatted(settings.bind())
              + " key) if that is what you want, or bind to 127.0.0.1");
    }
    if (settings.apiKeys().isEmpty()) {
      throw new StartException(
          "%s would open this edge to everybody on the network; set an API key in broke.http.api-keys"
                  .formatted(settings.bind())
              + " or in the environment as BROKE_API_KEY, or bind to 127.0.0.1");
    }
  }
}
