package org.brokecluster.node.runtime.llama;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The section {@code broke.node.llama}, and GGUF files named among {@code broke.node.runtimes}.
 *
 * @param use whether GGUF files are served by llama-server
 * @param command program that serves, with arguments that come before ours; looked for if empty
 * @param options further arguments of every server
 * @param commandTimeout time a question to the program may take
 * @param files files or folders that the operator named
 */
public record LlamaSettings(
    Use use,
    List<String> command,
    List<String> options,
    Duration commandTimeout,
    List<Path> files) {
  /** Whether GGUF files are served. */
  public enum Use {
    /** Where llama-server is installed. */
    AUTO,
    /** Yes; that it is missing is worth a warning. */
    ALWAYS,
    /** No. */
    NEVER
  }

  private static final String RUNTIMES = "broke.node.runtimes";
  private static final String SECTION = "broke.node.llama.";
  private static final String KIND = "llama=";

  /** Copies the lists. */
  public LlamaSettings {
    command = List.copyOf(command);
    options = List.copyOf(options);
    files = List.copyOf(files);
  }

  /** Whether an entry among the runtimes names a file and not an address. */
  public static boolean isFile(String runtime) {
    return runtime.startsWith(KIND) && !runtime.startsWith("http", KIND.length());
  }

  /** Reads the section. */
  public static LlamaSettings read(SettingsReader reader) {
    var use = reader.oneOf(SECTION + "enabled", Set.of("auto", "true", "false"));
    var files = new ArrayList<Path>();
    for (var runtime : reader.texts(RUNTIMES)) {
      if (isFile(runtime)) {
        file(runtime.substring(KIND.length()), reader, files);
      }
    }
    boolean always = use.equals("true") || !files.isEmpty();
    return new LlamaSettings(
        use.equals("false") ? Use.NEVER : always ? Use.ALWAYS : Use.AUTO,
        reader.texts(SECTION + "command"),
        reader.texts(SECTION + "options"),
        reader.duration(SECTION + "command-timeout", Duration.ofSeconds(1), Duration.ofMinutes(5)),
        files);
  }

  private static void file(String text, SettingsReader reader, List<Path> files) {
    var home = System.getProperty("user.home", "");
    try {
      var path = Path.of(text.startsWith("~/") ? home + text.substring(1) : text);
      files.add(path.toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      reader.problem(RUNTIMES, "llama= needs an address or the path of a GGUF file: " + text);
    }
  }
}
