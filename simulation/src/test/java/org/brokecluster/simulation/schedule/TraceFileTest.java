package org.brokecluster.simulation.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recorded loads. */
class TraceFileTest {
  private static final String TABLE =
      "arrival_s,input_tokens,output_tokens\n0.0,374,44\n4.3,396,109\n5.0,10,1\n";

  @TempDir private Path folder;

  @Test
  void readsATableAndItsPackedForm() throws IOException {
    var plain = Files.writeString(folder.resolve("day.csv"), TABLE);
    var packed = folder.resolve("night.csv.gz");
    try (var out =
        new OutputStreamWriter(
            new GZIPOutputStream(Files.newOutputStream(packed)), StandardCharsets.UTF_8)) {
      out.write(TABLE);
    }

    var load = read(plain);

    assertThat(load.name()).isEqualTo("day");
    assertThat(load.rows()).hasSize(3).contains(new TraceLoad.Row(4.3, 396, 109));
    assertThat(read(packed).rows()).isEqualTo(load.rows());
  }

  @Test
  void saysWhichLineIsWrong() throws IOException {
    var file = Files.writeString(folder.resolve("bad.csv"), TABLE + "6.0,many,1\n");

    assertThatThrownBy(() -> read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 5");
  }

  @Test
  void saysWhichColumnIsMissing() throws IOException {
    var file = Files.writeString(folder.resolve("bad.csv"), "arrival_s,input_tokens\n1,2\n");

    assertThatThrownBy(() -> read(file)).hasMessageContaining("output_tokens");
  }

  @Test
  void replaysAStretchAtTheWantedRate() throws IOException {
    var load = read(Files.writeString(folder.resolve("day.csv"), TABLE));

    var jobs = load.draw(1, 0.1, 3, Fleet.EQUAL.mix()).arrivals();

    assertThat(jobs).extracting(Job::atMs).containsExactly(0L, 17_200L, 20_000L);
    assertThat(jobs).extracting(Job::answerTokens).containsExactly(44, 109, 1);
  }

  private static TraceLoad read(Path file) throws IOException {
    return TraceFile.read(file.getFileName().toString(), Files.newInputStream(file), Guess.USUAL);
  }
}
