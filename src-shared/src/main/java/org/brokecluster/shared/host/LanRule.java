package org.brokecluster.shared.host;

import java.util.List;
import java.util.Optional;

/**
 * Until joining is secured, a host that others can reach must be wanted: it needs the flag that
 * says so, and a key without which nobody gets an answer.
 */
public final class LanRule {
  private LanRule() {}

  /**
   * Why this host may not start, or nothing.
   *
   * @param addresses every address the host would listen on
   * @param accepted whether the user accepted an unprotected network
   * @param hasKey whether clients must present an API key
   */
  public static Optional<String> refusal(List<String> addresses, boolean accepted, boolean hasKey) {
    for (var address : addresses) {
      if (HostAddress.isLoopback(address) || (accepted && hasKey)) {
        continue;
      }
      return Optional.of(
          "will not listen on "
              + address
              + ", which other machines can reach, without "
              + missing(accepted, hasKey)
              + ". Traffic between the machines is not encrypted yet, so do this only in a network"
              + " you trust: add --insecure-lan and set broke.http.api-keys = [\"…\"] in"
              + " cluster.conf (or BROKE_API_KEY in the environment). Clients then send it as a bearer"
              + " token.");
    }
    return Optional.empty();
  }

  private static String missing(boolean accepted, boolean hasKey) {
    if (accepted) {
      return "an API key";
    }
    return hasKey ? "--insecure-lan" : "--insecure-lan and an API key";
  }
}
