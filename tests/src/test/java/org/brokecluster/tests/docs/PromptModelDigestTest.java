package org.brokecluster.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.brokecluster.coordinator.routing.model.BundledModel;
import org.junit.jupiter.api.Test;

/** The model file in the project is the one whose figures {@code docs/benchmarks.md} tells. */
class PromptModelDigestTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int BYTES_MAX = 5_000_000;

  @Test
  void isTheDocumentedOne() throws NoSuchAlgorithmException {
    var digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(model()));

    assertThat(page()).contains(digest);
  }

  @Test
  void loadsAndIsSmall() {
    assertThat(model()).hasSizeLessThan(BYTES_MAX);
    assertThat(BundledModel.get()).isPresent();
  }

  private static byte[] model() {
    try (var file = BundledModel.class.getResourceAsStream("prompt-model.bin")) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String page() {
    try {
      return Files.readString(ROOT.resolve("docs/benchmarks.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
