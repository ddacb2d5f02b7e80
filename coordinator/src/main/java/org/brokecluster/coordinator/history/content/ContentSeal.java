package org.brokecluster.coordinator.history.content;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals texts with AES-256 in GCM (NIST SP 800-38D): twelve random bytes, then the sealed text with
 * its tag of 16 bytes. The id of the line is authenticated with it, so that nobody can exchange two
 * of them. A key must seal fewer than 2³² texts. Thread safe.
 */
final class ContentSeal {
  private static final String ALGORITHM = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecureRandom random = new SecureRandom();

  /** The text, sealed. */
  byte[] seal(ContentKeys.Key key, String id, byte[] text) {
    try {
      var nonce = new byte[NONCE_BYTES];
      random.nextBytes(nonce);
      var cipher = cipher(Cipher.ENCRYPT_MODE, key, id, nonce);
      var sealed = new byte[NONCE_BYTES + cipher.getOutputSize(text.length)];
      System.arraycopy(nonce, 0, sealed, 0, NONCE_BYTES);
      cipher.doFinal(text, 0, text.length, sealed, NONCE_BYTES);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES in GCM", e);
    }
  }

  /**
   * The text that was sealed.
   *
   * @throws GeneralSecurityException if it was sealed with another key, for another line, or has
   *     been changed
   */
  byte[] open(ContentKeys.Key key, String id, byte[] sealed) throws GeneralSecurityException {
    if (sealed.length < NONCE_BYTES) {
      throw new GeneralSecurityException("too short");
    }
    return cipher(Cipher.DECRYPT_MODE, key, id, sealed)
        .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
  }

  private static Cipher cipher(int mode, ContentKeys.Key key, String id, byte[] nonce)
      throws GeneralSecurityException {
    var cipher = Cipher.getInstance(ALGORITHM);
    cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BITS, nonce, 0, NONCE_BYTES));
    cipher.updateAAD(id.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
