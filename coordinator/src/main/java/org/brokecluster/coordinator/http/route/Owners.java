package org.brokecluster.coordinator.http.route;

import akka.http.javadsl.model.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * To whom an answer belongs: whoever shows the same key, or names the same user where no keys are
 * set. What is kept and sent between edges is a digest made for one request, never the key.
 */
final class Owners {
  private static final String USER = "x-broke-user";
  private static final int BEARER_LENGTH = "bearer ".length();

  private final boolean keyed;

  /**
   * The rule of an edge.
   *
   * @param keyed whether clients must show a key; whoever comes so far has shown a valid one
   */
  Owners(boolean keyed) {
    this.keyed = keyed;
  }

  /**
   * The proof for one request.
   *
   * @param user what the call names as its user, or null to look at the header only
   */
  String of(RequestId request, HttpRequest http, @Nullable String user) {
    var header = http.getHeader(keyed ? "Authorization" : USER).map(each -> each.value());
    String secret;
    if (keyed) {
      var shown = header.orElse("");
      secret = shown.length() > BEARER_LENGTH ? shown.substring(BEARER_LENGTH).strip() : "";
    } else {
      secret = user == null ? header.orElse("").strip() : user;
    }
    return digest(request.value() + '\n' + keyed + '\n' + secret);
  }

  private static String digest(String text) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
