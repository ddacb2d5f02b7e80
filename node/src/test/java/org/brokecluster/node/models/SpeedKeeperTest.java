package org.brokecluster.node.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.brokecluster.node.Soon;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Baseline;
import org.brokecluster.protocol.model.MachineKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeedKeeperTest {
  private static final MachineKind M2 = new MachineKind("M2 Ultra", 64L << 30, null);
  private static final Duration SELDOM = Duration.ofHours(1);
  private static final Duration SOON = Soon.LIMIT;

  @TempDir private Path folder;
  private final SpeedBook book = new SpeedBook(3, () -> 7);

  @Test
  void keepsWhatWasLearnedOverARestart() {
    var keeper = SpeedKeeper.start(book, folder, M2, SELDOM);
    book.adopt(List.of(entry("a", 1), entry("b", 2)));
    assertThat(keeper.close().toCompletableFuture()).succeedsWithin(SOON);

    var next = new SpeedBook(3, () -> 8);
    SpeedKeeper.start(next, folder, M2, SELDOM).close();

    assertThat(next.baselines()).isEqualTo(book.baselines()).hasSize(2);
  }

  @Test
  void writesOnlyWhatIsNew() throws IOException {
    var keeper = SpeedKeeper.start(book, folder, M2, SELDOM);

    assertThat(keeper.close().toCompletableFuture()).succeedsWithin(SOON);

    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void doesNotBelieveAnotherMachineOrABrokenFileAndSetsItAside() throws IOException {
    var keeper = SpeedKeeper.start(book, folder, M2, SELDOM);
    book.adopt(List.of(entry("a", 1)));
    assertThat(keeper.close().toCompletableFuture()).succeedsWithin(SOON);

    var smaller = new MachineKind("M2 Ultra", 32L << 30, null);
    assertThat(new SpeedFile(folder.resolve("speeds.json"), smaller).read()).isEmpty();
    assertThat(folder.resolve("speeds.json.old")).exists();

    Files.writeString(folder.resolve("speeds.json"), "{\"version\": 1, \"speeds\": [{}");
    assertThat(new SpeedFile(folder.resolve("speeds.json"), M2).read()).isEmpty();
    assertThat(folder.resolve("speeds.json")).doesNotExist();
    Files.writeString(folder.resolve("speeds.json"), "{\"version\": 99}");
    assertThat(new SpeedFile(folder.resolve("speeds.json"), M2).read()).isEmpty();
  }

  @Test
  void forgetsFirstWhatWasMeasuredLongestAgo() {
    book.adopt(List.of(entry("a", 5), entry("b", 2), entry("c", 9), entry("d", 4)));

    assertThat(book.baselines())
        .extracting(each -> each.model().value())
        .containsExactly("a", "c", "d");
  }

  @Test
  void neverAdoptsOverWhatWasMeasuredHere() {
    book.restore(List.of(entry("a", 5)));

    var taken = book.adopt(List.of(entry("a", 99), entry("b", 1)));

    assertThat(taken).containsExactly(ModelId.of("b"));
    assertThat(book.baselines()).extracting(Baseline::imported).containsExactly(false, true);
    assertThat(book.adopt(List.of(entry("b", 50)))).as("newer figures").hasSize(1);
  }

  @Test
  void givesAgainWhatCouldNotBeWritten() {
    book.adopt(List.of(entry("a", 5)));
    assertThat(book.takeChanges()).hasSize(1);
    assertThat(book.takeChanges()).isNull();
    book.keepChanges();
    assertThat(book.takeChanges()).hasSize(1);
  }

  private static Baseline entry(String model, long at) {
    var decode = new Baseline.Mean(50, 3);
    return new Baseline(ModelId.of(model), "mlx", 5L, null, decode, null, List.of(), at, false);
  }
}
