package org.brokecluster.shared.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.shared.config.ConfigProblems;
import org.brokecluster.shared.config.InvalidConfigException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatchTest {
  @TempDir private Path folder;
  private final List<Integer> taken = new ArrayList<>();
  private Path file;
  private ConfigWatch watch;

  @BeforeEach
  void start() throws IOException {
    file = folder.resolve("cluster.conf");
    write(1, 8000);
    watch = new ConfigWatch(file, ConfigFactory.parseFile(file.toFile()), this::load);
    watch.onChange(List.of("broke.mix"), config -> taken.add(config.getInt("broke.mix.weight")));
  }

  private void write(int weight, int port) throws IOException {
    Files.writeString(
        file, "broke { mix { weight = %d }, http.port = %d }".formatted(weight, port));
  }

  private Config load() throws InvalidConfigException {
    var config = ConfigFactory.parseFile(file.toFile());
    var problems = new ConfigProblems();
    if (config.getInt("broke.mix.weight") < 0) {
      problems.add("broke.mix.weight", "must not be negative");
    }
    problems.throwIfAny("the test");
    return config;
  }

  @Test
  void takesAChangedFileOnceItIsStill() throws IOException {
    watch.look();
    write(2, 8000);
    watch.look();
    assertThat(taken).isEmpty();

    watch.look();
    watch.look();

    assertThat(taken).containsExactly(2);
    assertThat(watch.trouble()).isEmpty();
  }

  @Test
  void keepsWhatItHasWhileTheFileCannotBeUsedAndSaysWhy() throws IOException {
    write(-1, 8000);
    watch.look();
    watch.look();

    assertThat(taken).isEmpty();
    assertThat(watch.trouble().orElseThrow())
        .contains("is not used")
        .contains("broke.mix.weight: must not be negative");

    write(3, 8000);
    watch.look();
    watch.look();
    assertThat(taken).containsExactly(3);
    assertThat(watch.trouble()).isEmpty();
  }

  @Test
  void keepsWhatItHasWhenTheFileIsGone() throws IOException {
    Files.delete(file);
    watch.look();
    watch.look();

    assertThat(taken).isEmpty();
    assertThat(watch.trouble().orElseThrow()).contains("is gone or empty");
  }

  @Test
  void namesWhatWaitsForARestart() throws IOException {
    write(2, 9000);
    watch.look();
    watch.look();

    assertThat(taken).containsExactly(2);
    assertThat(watch.trouble().orElseThrow())
        .contains("in force after a restart: broke.http.port")
        .doesNotContain("broke.mix");

    write(2, 8000);
    watch.look();
    watch.look();
    assertThat(watch.trouble()).isEmpty();
  }
}
