package org.brokecluster.coordinator.history.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentSealTest {
  private static final byte[] TEXT = "the quick brown fox".getBytes(StandardCharsets.UTF_8);

  @TempDir Path dataDir;
  private final ContentSeal seal = new ContentSeal();

  @Test
  void opensWhatItSealedAndShowsNothingOfIt() throws Exception {
    var key = new ContentKeys(dataDir).sealing();

    var sealed = seal.seal(key, "r-1", TEXT);

    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("quick");
    assertThat(sealed).hasSize(TEXT.length + 28).isNotEqualTo(seal.seal(key, "r-1", TEXT));
    assertThat(seal.open(key, "r-1", sealed)).isEqualTo(TEXT);
  }

  @Test
  void opensNothingThatWasChangedOrBelongsElsewhere() throws Exception {
    var key = new ContentKeys(dataDir).sealing();
    var other = new ContentKeys(dataDir.resolve("other")).sealing();
    var sealed = seal.seal(key, "r-1", TEXT);
    var changed = sealed.clone();
    changed[20] ^= 1;

    assertThatThrownBy(() -> seal.open(key, "r-1", changed))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> seal.open(key, "r-2", sealed))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> seal.open(other, "r-1", sealed))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> seal.open(key, "r-1", new byte[3]))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void onlyTheOwnerMayReadTheKey() throws Exception {
    var keys = new ContentKeys(dataDir);
    keys.sealing();
    assertThat(mode(keys)).isEqualTo("rw-------");

    Files.setPosixFilePermissions(keys.file(), PosixFilePermissions.fromString("rw-r--r--"));
    keys.sealing();

    assertThat(mode(keys)).isEqualTo("rw-------");
  }

  @Test
  void keepsItsKeyAndTakesAnothersBesides() throws Exception {
    var first = new ContentKeys(dataDir).sealing();
    var other = new ContentKeys(dataDir.resolve("other"));
    var theirs = other.sealing();
    var keys = new ContentKeys(dataDir);
    assertThat(keys.sealing().id()).isEqualTo(first.id());
    assertThat(keys.find(theirs.id())).isEmpty();

    var lines = Files.readString(keys.file());
    Files.writeString(keys.file(), Files.readString(other.file()) + lines);

    assertThat(keys.find(theirs.id())).isPresent();
    assertThat(keys.sealing().id()).isEqualTo(first.id());
    assertThat(theirs.toString()).doesNotContain(lines.lines().toList().get(1));
  }

  @Test
  void saysWhichLineIsNoKey() throws Exception {
    var keys = new ContentKeys(dataDir);
    Files.createDirectories(keys.file().getParent());
    Files.writeString(keys.file(), "# mine\nabc=\n");

    assertThatThrownBy(keys::sealing)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 2 of")
        .hasMessageContaining("content.key");
  }

  private static String mode(ContentKeys keys) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(keys.file()));
  }
}
