package org.brokecluster.coordinator.http.server;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.host.HostAddress;

/**
 * The {@code broke.http} section.
 *
 * @param bind address to listen on; beyond loopback 127.0.0.1 comes in addition
 * @param port port to listen on, 0 for a free one
 * @param backlog connections the system keeps waiting
 * @param maxConnections connections served at once; more are told so and closed
 * @param idleTimeout a connection without a byte and without a request for this long is closed
 * @param headTimeout longest time from the first byte of a request to the end of its headers
 * @param bodyTimeout longest time to send a body
 * @param maxBody largest body in bytes
 * @param bodyMemory bytes all bodies being answered may take together
 * @param maxHeaderCount headers of one request
 * @param maxHeaderValue bytes of one header's value
 * @param maxUri characters of a request target
 * @param keepAliveComment silence in a stream after which a comment line is sent
 * @param streamBuffer bytes of a stream that may wait for its client
 * @param maxAnswer characters of an answer that is not streamed
 * @param apiKeys keys of which one must be shown; empty for none
 * @param insecureLan allows to listen beyond loopback, without encryption
 * @param allowedHosts further names clients may use for this host; {@code *} for any
 * @param allowedOrigins web origins whose pages may call this edge; {@code *} for any
 */
public record HttpSettings(
    String bind,
    int port,
    int backlog,
    int maxConnections,
    Duration idleTimeout,
    Duration headTimeout,
    Duration bodyTimeout,
    int maxBody,
    long bodyMemory,
    int maxHeaderCount,
    int maxHeaderValue,
    int maxUri,
    Duration keepAliveComment,
    int streamBuffer,
    int maxAnswer,
    List<String> apiKeys,
    boolean insecureLan,
    List<String> allowedHosts,
    List<String> allowedOrigins) {
  private static final String AT = "broke.http.";
  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;
  private static final int KEY_MIN = 8;

  /** Copies the lists. */
  public HttpSettings {
    apiKeys = List.copyOf(apiKeys);
    allowedHosts = List.copyOf(allowedHosts);
    allowedOrigins = List.copyOf(allowedOrigins);
  }

  /** Reads the section; problems stay with the reader. */
  public static HttpSettings read(SettingsReader reader) {
    return new HttpSettings(
        reader.text(AT + "bind"),
        reader.integer(AT + "port", 0, 65_535),
        reader.integer(AT + "backlog", 1, 65_535),
        reader.integer(AT + "max-connections", 1, 100_000),
        reader.duration(AT + "idle-timeout", SHORTEST, HOUR),
        reader.duration(AT + "head-timeout", SHORTEST, HOUR),
        reader.duration(AT + "body-timeout", SHORTEST, HOUR),
        (int) reader.bytes(AT + "max-body", KIB, 512 * MIB),
        reader.bytes(AT + "body-memory", MIB, 1024L * 1024 * MIB),
        reader.integer(AT + "max-header-count", 8, 1_000),
        (int) reader.bytes(AT + "max-header-value", 256, MIB),
        (int) reader.bytes(AT + "max-uri", 256, MIB),
        reader.duration(AT + "keep-alive-comment", SHORTEST, Duration.ofMinutes(1)),
        (int) reader.bytes(AT + "stream-buffer", 16 * KIB, 256 * MIB),
        (int) reader.bytes(AT + "max-answer", 16 * KIB, 256 * MIB),
        keys(reader),
        reader.flag(AT + "insecure-lan"),
        lowerCase(reader.texts(AT + "allowed-hosts")),
        lowerCase(reader.texts(AT + "allowed-origins")));
  }

  /** Reads the section of a configuration that is known to be right, in tests above all. */
  public static HttpSettings of(Config config) {
    var reader = new SettingsReader(config);
    var settings = read(reader);
    if (!reader.problems().isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", reader.problems()));
    }
    return settings;
  }

  /** The same on another address. */
  public HttpSettings at(String newBind, int newPort) {
    return new HttpSettings(
        newBind,
        newPort,
        backlog,
        maxConnections,
        idleTimeout,
        headTimeout,
        bodyTimeout,
        maxBody,
        bodyMemory,
        maxHeaderCount,
        maxHeaderValue,
        maxUri,
        keepAliveComment,
        streamBuffer,
        maxAnswer,
        apiKeys,
        insecureLan,
        allowedHosts,
        allowedOrigins);
  }

  /** Whether only programs on this machine can reach the address; looks names up. */
  public boolean loopback() {
    return HostAddress.isLoopback(bind);
  }

  /** Shows how many keys there are, never one of them. */
  @Override
  public String toString() {
    return "HttpSettings[%s:%d, %d keys, insecureLan=%s, maxConnections=%d, maxBody=%d]"
        .formatted(bind, port, apiKeys.size(), insecureLan, maxConnections, maxBody);
  }

  private static List<String> keys(SettingsReader reader) {
    var keys = new ArrayList<>(reader.texts(AT + "api-keys"));
    reader.optionalText(AT + "api-key").ifPresent(keys::add);
    if (keys.stream().anyMatch(key -> key.length() < KEY_MIN || !key.strip().equals(key))) {
      reader.problem(
          AT + "api-keys",
          "each needs at least " + KEY_MIN + " characters, and no blanks around it");
    }
    return keys;
  }

  private static List<String> lowerCase(List<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }
}
