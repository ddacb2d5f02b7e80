package org.brokecluster.coordinator.http.route;

import akka.http.javadsl.model.HttpRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.server.HttpSettings;
import org.jspecify.annotations.Nullable;

/**
 * Who may call. A page in somebody's browser must not reach a program on its own machine: not by
 * rebinding its name to 127.0.0.1 (the {@code Host} check), nor by posting across origins (the
 * {@code Origin} check). Programs send no {@code Origin}. Where keys are set, {@code /v1} and
 * {@code /api} need one.
 */
final class AccessRules {
  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final String ANY = "*";
  private static final String BEARER = "bearer ";

  private final boolean loopback;
  private final List<byte[]> keys;
  private final Set<String> hosts;
  private final Set<String> origins;

  AccessRules(HttpSettings settings) {
    loopback = settings.loopback();
    keys = settings.apiKeys().stream().map(AccessRules::digest).toList();
    hosts = Set.copyOf(settings.allowedHosts());
    origins = Set.copyOf(settings.allowedOrigins());
  }

  /** Whether clients must show a key. */
  boolean keyed() {
    return !keys.isEmpty();
  }

  /** Why a request may not pass, or null if it may. */
  @Nullable ApiError refusal(HttpRequest request, String path) {
    String host = null;
    String origin = null;
    String authorization = null;
    for (var header : request.getHeaders()) {
      switch (header.lowercaseName()) {
        case "host" -> host = header.value();
        case "origin" -> origin = header.value();
        case "authorization" -> authorization = header.value();
        default -> {}
      }
    }
    if (host != null && !hostAllowed(host)) {
      return forbidden(
          "host_not_allowed",
          "this edge answers to localhost and 127.0.0.1 only;"
              + " add the name you use to broke.http.allowed-hosts");
    }
    if (origin != null && !originAllowed(origin, host)) {
      return forbidden(
          "origin_not_allowed",
          "pages of this origin may not call this edge; see broke.http.allowed-origins");
    }
    return keyed() && guarded(path) ? withoutKey(request, authorization) : null;
  }

  /** Whether a page of this origin may read answers; that of our own page needs no permission. */
  boolean crossOriginAllowed(String origin) {
    return origins.contains(ANY) || origins.contains(origin.toLowerCase(Locale.ROOT));
  }

  private static boolean guarded(String path) {
    return path.startsWith("/v1/") || path.startsWith("/api/");
  }

  /** A browser asks for permission without a key before it sends one. */
  private @Nullable ApiError withoutKey(HttpRequest request, @Nullable String authorization) {
    if (request.method().value().equals("OPTIONS") || shown(authorization)) {
      return null;
    }
    return new ApiError(
        401,
        ApiError.AUTHENTICATION,
        "invalid_api_key",
        authorization == null
            ? "an API key is needed: send it as Authorization: Bearer KEY"
            : "this API key is not valid here",
        null,
        null);
  }

  /** Compares with every key, so that the time taken says nothing about any of them. */
  private boolean shown(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return false;
    }
    var digest = digest(authorization.substring(BEARER.length()).strip());
    boolean valid = false;
    for (var key : keys) {
      valid |= MessageDigest.isEqual(key, digest);
    }
    return valid;
  }

  private boolean hostAllowed(String hostAndPort) {
    var host = withoutPort(hostAndPort.toLowerCase(Locale.ROOT));
    return !loopback
        || LOOPBACK_NAMES.contains(host)
        || hosts.contains(host)
        || hosts.contains(ANY);
  }

  /** Our own page's origin is the very host it calls. */
  private boolean originAllowed(String origin, @Nullable String host) {
    if (crossOriginAllowed(origin)) {
      return true;
    }
    try {
      var uri = URI.create(origin.toLowerCase(Locale.ROOT));
      var name = uri.getHost();
      return name != null
          && (LOOPBACK_NAMES.contains(name)
              || hosts.contains(name)
              || uri.getRawAuthority().equalsIgnoreCase(host));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }

  private static ApiError forbidden(String code, String message) {
    return new ApiError(403, ApiError.PERMISSION, code, message, null, null);
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
