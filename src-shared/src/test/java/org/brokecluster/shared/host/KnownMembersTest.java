package org.brokecluster.shared.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.brokecluster.shared.host.KnownMembers.Known;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownMembersTest {
  @TempDir private Path folder;

  @Test
  void findsWhomItWasToldToRemember() throws InterruptedException {
    var files = Executors.newSingleThreadExecutor();
    var seen = List.of(new Known("10.0.0.2:25520", true), new Known("mac.local:1", false));

    new KnownMembers(folder, files).remember(seen);
    files.shutdown();
    assertThat(files.awaitTermination(1, TimeUnit.MINUTES)).isTrue();

    assertThat(read()).isEqualTo(seen);
  }

  @Test
  void knowsNobodyAtFirst() {
    assertThat(read()).isEmpty();
  }

  @Test
  void passesOverWhatADamagedFileSays() throws IOException {
    write("\0\0\0\0\0\nnobody\n:\n10.0.0.2:\n10.0.0.3:99999\n10.0.0.4:25520 coordinator\n10.0.");

    assertThat(read()).containsExactly(new Known("10.0.0.4:25520", true));
  }

  @Test
  void knowsNobodyWhereTheFileIsNoText() throws IOException {
    Files.write(folder.resolve("members"), new byte[] {(byte) 0xc3, (byte) 0x28, 0});

    assertThat(read()).isEmpty();
  }

  private void write(String text) throws IOException {
    Files.write(folder.resolve("members"), text.getBytes(StandardCharsets.UTF_8));
  }

  private List<Known> read() {
    return new KnownMembers(folder, Executors.newCachedThreadPool()).read();
  }
}
