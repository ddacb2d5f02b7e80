package org.brokecluster.coordinator.history.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that kept texts are sealed with, in a file that only its owner may read: one in a line,
 * base64, the last one seals and all of them open. Made at first use. A line of another
 * coordinator's file may be added, so that this one can open what that one has sealed. Blocks;
 * thread safe.
 */
final class ContentKeys {
  private static final String NAME = "content.key";
  private static final int KEY_BYTES = 32;
  private static final int ID_BYTES = 6;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private Map<String, Key> keys = Map.of();

  /** The keys of a data folder; nothing is read yet. */
  ContentKeys(Path dataDir) {
    this.file = dataDir.toAbsolutePath().normalize().resolve("history").resolve(NAME);
  }

  /**
   * One key.
   *
   * @param id tells keys apart and says nothing about them
   */
  record Key(String id, SecretKey secret) {
    @Override
    public String toString() {
      return "Key[" + id + "]";
    }
  }

  Path file() {
    return file;
  }

  /**
   * The key that seals, made if there is none.
   *
   * @throws IOException if the file cannot be read or written, or holds no keys
   */
  synchronized Key sealing() throws IOException {
    load();
    if (keys.isEmpty()) {
      create();
      load();
    }
    Key last = null;
    for (var key : keys.values()) {
      last = key;
    }
    if (last == null) {
      throw new IOException("no key in " + file);
    }
    return last;
  }

  /**
   * The key of that id, if it is here; the file is read again for one that is not known.
   *
   * @throws IOException if the file cannot be read
   */
  synchronized Optional<Key> find(String id) throws IOException {
    if (!keys.containsKey(id)) {
      load();
    }
    return Optional.ofNullable(keys.get(id));
  }

  private void load() throws IOException {
    if (!Files.exists(file)) {
      keys = Map.of();
      return;
    }
    lockUp();
    var found = new LinkedHashMap<String, Key>();
    int number = 0;
    for (var line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
      number++;
      var text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        var key = key(text, number);
        found.put(key.id(), key);
      }
    }
    keys = found;
  }

  private Key key(String text, int line) throws IOException {
    try {
      var bytes = Base64.getDecoder().decode(text);
      if (bytes.length == KEY_BYTES) {
        var id = HexFormat.of().formatHex(digest(bytes), 0, ID_BYTES);
        return new Key(id, new SecretKeySpec(bytes, "AES"));
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("line " + line + " of " + file + " is no key", e);
    }
    throw new IOException("line " + line + " of " + file + " is no key of 256 bits");
  }

  private void create() throws IOException {
    Files.createDirectories(file.getParent());
    var bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    var text =
        "# Opens the prompts and answers that are kept here. Without it they cannot be read.\n"
            + Base64.getEncoder().encodeToString(bytes)
            + "\n";
    try (var channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly())) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      channel.force(true);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(file + " holds no key; delete it if it is damaged", e);
    }
  }

  private FileAttribute<?>[] ownerOnly() {
    return posix()
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  /** A file that was copied may have lost its mode. */
  private void lockUp() throws IOException {
    if (posix()
        && !Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS).equals(OWNER_ONLY)) {
      Files.setPosixFilePermissions(file, OWNER_ONLY);
    }
  }

  private boolean posix() {
    return Files.getFileAttributeView(file.getRoot(), PosixFileAttributeView.class) != null;
  }

  private static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
