package org.brokecluster.shared.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WholeFileTest {
  @TempDir Path folder;

  @Test
  void writesAFileAndItsFolderAndLeavesNothingElse() throws IOException {
    var file = folder.resolve("data").resolve("members");

    WholeFile.write(file, bytes("one"));
    WholeFile.write(file, bytes("two"));

    assertThat(file).hasContent("two");
    assertThat(names(file.getParent())).containsExactly("members");
  }

  @Test
  void leavesWhatWasThereIfTheContentFails() throws IOException {
    var file = folder.resolve("speeds");
    WholeFile.write(file, bytes("old"));

    assertThatThrownBy(
            () ->
                WholeFile.write(
                    file,
                    out -> {
                      out.write(bytes("half of the n"));
                      assertThat(file).as("while it is written").hasContent("old");
                      throw new IOException("no more");
                    }))
        .hasMessage("no more");

    assertThat(file).hasContent("old");
    assertThat(names(folder)).containsExactly("speeds");
  }

  @Test
  void leavesNothingIfTheProgramEndsMeanwhile() throws Exception {
    var file = folder.resolve("backup");
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var path = System.getProperty("java.class.path");

    var child =
        new ProcessBuilder(java, "-cp", path, EndsMeanwhile.class.getName(), file.toString())
            .redirectErrorStream(true)
            .start();
    var said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(child.waitFor()).as(said).isEqualTo(130);
    assertThat(names(folder)).isEmpty();
  }

  /** Ends while it writes the file it is given, in the way Ctrl-C ends a program. */
  static final class EndsMeanwhile {
    private EndsMeanwhile() {}

    public static void main(String[] args) throws IOException {
      WholeFile.write(
          Path.of(args[0]),
          out -> {
            out.write(bytes("half of it"));
            System.exit(130);
          });
    }
  }

  @Test
  void isReadByItsOwnerAlone() throws IOException {
    assumeTrue(
        folder.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "this file system knows no owners");
    var file = folder.resolve("export");
    Files.writeString(file, "readable by all");

    WholeFile.write(file, bytes("for me"));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(path -> String.valueOf(path.getFileName())).toList();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
