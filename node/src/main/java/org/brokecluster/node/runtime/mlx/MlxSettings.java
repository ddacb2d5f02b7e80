package org.brokecluster.node.runtime.mlx;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.brokecluster.node.runtime.disk.ModelPlaces;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The section {@code broke.node.mlx}, and the folders of models.
 *
 * @param use whether models are served by MLX
 * @param command program that serves, with arguments that come before ours; looked for if empty
 * @param python interpreter that has mlx-lm; looked for if empty
 * @param options further arguments of every server
 * @param maxTokens longest answer to a request that sets no limit
 * @param health whether {@code mlxk} is asked for the health of models where it is installed
 * @param healthInterval time between two such questions
 * @param commandTimeout time a question to python or mlxk may take
 * @param rendersMax chats rendered by python at once
 * @param modelPaths further folders of models
 */
public record MlxSettings(
    Use use,
    List<String> command,
    String python,
    List<String> options,
    int maxTokens,
    boolean health,
    Duration healthInterval,
    Duration commandTimeout,
    int rendersMax,
    List<Path> modelPaths) {
  /** Whether models are served by MLX. */
  public enum Use {
    /** Where mlx-lm is installed. */
    AUTO,
    /** Yes; that it is missing is worth a warning. */
    ALWAYS,
    /** No. */
    NEVER
  }

  private static final String SECTION = "broke.node.mlx.";

  /** Copies the lists. */
  public MlxSettings {
    command = List.copyOf(command);
    options = List.copyOf(options);
    modelPaths = List.copyOf(modelPaths);
  }

  /** Reads the section. */
  public static MlxSettings read(SettingsReader reader) {
    var use = reader.oneOf(SECTION + "enabled", Set.of("auto", "true", "false"));
    var second = Duration.ofSeconds(1);
    return new MlxSettings(
        use.equals("true") ? Use.ALWAYS : use.equals("false") ? Use.NEVER : Use.AUTO,
        reader.texts(SECTION + "command"),
        reader.optionalText(SECTION + "python").orElse(""),
        reader.texts(SECTION + "options"),
        reader.integer(SECTION + "max-tokens", 1, 1 << 20),
        reader.flag(SECTION + "health"),
        reader.duration(SECTION + "health-interval", second, Duration.ofDays(1)),
        reader.duration(SECTION + "command-timeout", second, Duration.ofMinutes(5)),
        reader.integer(SECTION + "renders-max", 0, 64),
        ModelPlaces.configured(reader));
  }
}
