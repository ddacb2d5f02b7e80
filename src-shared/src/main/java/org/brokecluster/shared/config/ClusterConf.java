package org.brokecluster.shared.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Loads {@code cluster.conf}, the one file an operator edits. From strong to weak: command line,
 * environment, simulated preset, {@code cluster.conf}, and the {@code reference.conf} of each
 * module.
 */
public final class ClusterConf {
  /** Environment variable that names the folder of another {@code cluster.conf}. */
  public static final String CONFIG_DIR_VARIABLE = "BROKE_CONFIG_DIR";

  /** System property with the project's root folder, set by the launcher. */
  public static final String HOME_PROPERTY = "broke.home";

  /** Simulated hardware that {@code --simulated} can name. */
  public static final List<String> PRESETS = List.of("studio-m2", "studio-m1", "mini-m1");

  private static final String FILE = "cluster.conf";

  private final Path file;
  private final boolean required;
  private final Map<String, String> environment;

  /**
   * For tests and tools.
   *
   * @param file the file to read
   * @param required whether it is an error that the file does not exist
   * @param environment environment variables
   */
  public ClusterConf(Path file, boolean required, Map<String, String> environment) {
    this.file = file;
    this.required = required;
    this.environment = Map.copyOf(environment);
  }

  /** The file that applies to this process; a folder that was named must have one. */
  public static ClusterConf forThisProcess(Optional<Path> configDir) {
    var environment = System.getenv();
    var named = configDir.or(() -> folder(environment.get(CONFIG_DIR_VARIABLE)));
    var home = folder(System.getProperty(HOME_PROPERTY)).orElse(Path.of(""));
    var file = named.orElse(home).resolve(FILE).toAbsolutePath().normalize();
    return new ClusterConf(file, named.isPresent(), environment);
  }

  /**
   * The whole configuration, resolved.
   *
   * @param commandLine keys set on the command line
   * @param preset simulated hardware, a resource {@code presets/NAME.conf} of a module
   * @throws InvalidConfigException with every key that does not exist or has the wrong shape
   */
  public Config load(Config commandLine, Optional<String> preset) throws InvalidConfigException {
    var problems = new ConfigProblems();
    var reference = ConfigFactory.defaultReferenceUnresolved();
    var resolvedReference = ConfigFactory.defaultReference();
    var check = new KeyCheck(resolvedReference);
    var written = readFile(problems);
    check.check(written, problems);
    check.check(commandLine, problems);
    var fromEnvironment =
        EnvironmentKeys.read(check.knownKeys(), resolvedReference, environment, problems);
    var simulated = preset.map(name -> readPreset(name, problems)).orElse(ConfigFactory.empty());
    check.check(simulated, problems);
    problems.throwIfAny(source());
    try {
      var config =
          commandLine
              .withFallback(ConfigFactory.systemEnvironmentOverrides())
              .withFallback(fromEnvironment)
              .withFallback(simulated)
              .withFallback(written)
              .withFallback(reference)
              .resolve();
      CoordinatorNames.check(config, problems);
      problems.throwIfAny(source());
      return config;
    } catch (ConfigException e) {
      problems.add(FILE, String.valueOf(e.getMessage()));
      problems.throwIfAny(source());
      throw e;
    }
  }

  private Config readFile(ConfigProblems problems) {
    if (!Files.isRegularFile(file)) {
      if (required) {
        problems.add(FILE, "there is no file " + file);
      }
      return ConfigFactory.empty();
    }
    try {
      return ConfigFactory.parseFile(
              file.toFile(), ConfigParseOptions.defaults().setOriginDescription(file.toString()))
          .withoutPath(KeyCheck.OPEN_SECTIONS);
    } catch (ConfigException e) {
      problems.add(FILE, "cannot be read: " + e.getMessage());
      return ConfigFactory.empty();
    }
  }

  private static Config readPreset(String name, ConfigProblems problems) {
    var resource = "presets/" + name + ".conf";
    if (!name.matches("[a-z0-9-]+")
        || ClusterConf.class.getClassLoader().getResource(resource) == null) {
      problems.add("--simulated", "there is no preset \"" + name + "\"; known: " + PRESETS);
      return ConfigFactory.empty();
    }
    return ConfigFactory.parseResources(ClusterConf.class.getClassLoader(), resource);
  }

  /** The file this reads, whether it exists or not. */
  public Path file() {
    return file;
  }

  /** What this reads, for messages. */
  public String source() {
    return Files.isRegularFile(file) ? file.toString() : "no " + FILE + " at " + file;
  }

  private static Optional<Path> folder(String name) {
    return Optional.ofNullable(name).filter(text -> !text.isBlank()).map(Path::of);
  }
}
