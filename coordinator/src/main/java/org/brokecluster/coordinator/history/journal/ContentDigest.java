package org.brokecluster.coordinator.history.journal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Chained SHA-256 over the stored bytes of a term's events: the hash at one checkpoint seeds the
 * stretch up to the next. A state says whether the fold agrees; this says whether every byte does,
 * also of what the fold does not look at. Not thread safe.
 */
public final class ContentDigest {
  private final MessageDigest digest;

  /** Starts a chain at an event number. */
  public ContentDigest(long firstNumber) {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
    restart(firstNumber);
  }

  /** Starts the chain anew at an event number. */
  public void restart(long firstNumber) {
    digest.reset();
    seed("first:" + firstNumber);
  }

  /** Takes the next event's bytes. */
  public void add(EncodedEvent event) {
    digest.update(event.json());
  }

  /** The hash up to here, 64 hexadecimal digits; seeds what follows. */
  public String checkpoint() {
    var hash = HexFormat.of().formatHex(digest.digest());
    seed(hash);
    return hash;
  }

  private void seed(String text) {
    digest.update(text.getBytes(StandardCharsets.US_ASCII));
  }
}
