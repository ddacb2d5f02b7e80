package org.brokecluster.node.pull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/**
 * What a file must hash to: SHA-256 of its content for large files, git's SHA-1 of a blob ({@code
 * blob SIZE\0} before the content) for the others.
 *
 * @param kind how it is made
 * @param hex 64 or 40 hexadecimal digits in lower case
 */
record BlobHash(Kind kind, String hex) {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]+");

  /** How a hash is made. */
  enum Kind {
    SHA256("SHA-256", 64),
    GIT("SHA-1", 40);

    private final String algorithm;
    private final int digits;

    Kind(String algorithm, int digits) {
      this.algorithm = algorithm;
      this.digits = digits;
    }
  }

  /** Refuses what cannot be a hash, and so cannot be a file's name either. */
  BlobHash {
    if (hex.length() != kind.digits || !HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("not a " + kind + " hash");
    }
  }

  /** A digest that the file's bytes go into. */
  MessageDigest begin(long size) {
    try {
      var digest = MessageDigest.getInstance(kind.algorithm);
      if (kind == Kind.GIT) {
        digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
      }
      return digest;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + kind.algorithm, e);
    }
  }

  /** Whether the bytes were the right ones; ends the digest. */
  boolean matches(MessageDigest digest) {
    return hex.equals(java.util.HexFormat.of().formatHex(digest.digest()));
  }
}
