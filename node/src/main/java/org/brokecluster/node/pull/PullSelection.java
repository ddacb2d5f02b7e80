package org.brokecluster.node.pull;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.brokecluster.shared.hardware.ModelFamily;

/**
 * Which files of a model are worth fetching. Many repositories carry the same weights in several
 * formats; only those that can be run here are taken. Pure.
 */
final class PullSelection {
  /** What mlx-lm reads, and what says under which terms. */
  private static final List<String> FOR_SAFETENSORS =
      List.of(
          "*.safetensors",
          "*.json",
          "*.jsonl",
          "*.jinja",
          "*.txt",
          "*.model",
          "*.tiktoken",
          "*.py",
          "LICENSE*",
          "README.md");

  /** Second copies of the weights that some repositories have beside the first. */
  private static final List<String> COPIES = List.of("consolidated*.safetensors", "original/*");

  private static final List<String> BESIDE_GGUF =
      List.of("config.json", "LICENSE*", "README.md", "*.jinja");
  private static final Pattern PART_OF_MANY =
      Pattern.compile("-\\d{5}-of-(\\d{5})\\.gguf$", Pattern.CASE_INSENSITIVE);
  private static final int NAMED_MAX = 12;

  private PullSelection() {}

  /**
   * The files to fetch.
   *
   * @param include patterns with {@code *} and {@code ?}, of which a file must match one; empty to
   *     choose by format
   * @param preferred quantisation to take where there are several, such as {@code 4bit}
   */
  static List<HubFile> choose(List<HubFile> files, List<String> include, String preferred)
      throws PullException {
    var chosen = include.isEmpty() ? byFormat(files, preferred) : matching(files, include);
    if (chosen.isEmpty()) {
      throw PullException.lasting(
          include.isEmpty()
              ? "the model has neither safetensors nor GGUF files"
              : "no file of the model matches " + String.join(", ", include));
    }
    return chosen;
  }

  private static List<HubFile> byFormat(List<HubFile> files, String preferred)
      throws PullException {
    if (files.stream().anyMatch(file -> isFormat(file, ".safetensors"))) {
      return matching(files, FOR_SAFETENSORS).stream()
          .filter(file -> !matches(file, COPIES))
          .toList();
    }
    var weights = files.stream().filter(file -> isFormat(file, ".gguf")).toList();
    if (weights.isEmpty()) {
      return List.of();
    }
    var taken = variant(weights, preferred);
    return files.stream()
        .filter(file -> variant(file).equals(taken) || matches(file, BESIDE_GGUF))
        .toList();
  }

  /** The only variant, or the one that is preferred; whoever wants another one says which. */
  private static String variant(List<HubFile> weights, String preferred) throws PullException {
    var variants = weights.stream().map(PullSelection::variant).distinct().toList();
    if (variants.size() == 1) {
      return variants.get(0);
    }
    var nearest = variants.stream().min(ModelFamily.nearestTo(preferred)).orElseThrow();
    if (!ModelFamily.sameBits(nearest, preferred)) {
      throw PullException.lasting(
          "the model comes in %d GGUF variants, none of them %s; say which with --include, such as --include '%s': %s"
              .formatted(
                  variants.size(),
                  preferred,
                  variants.get(0),
                  variants.stream().limit(NAMED_MAX).collect(Collectors.joining(", "))));
    }
    return nearest;
  }

  private static boolean isFormat(HubFile file, String ending) {
    return file.fileName().toLowerCase(Locale.ROOT).endsWith(ending);
  }

  /** Files that are parts of one whole count as one variant. */
  private static String variant(HubFile file) {
    return PART_OF_MANY.matcher(file.path()).replaceFirst("-*-of-$1.gguf");
  }

  private static List<HubFile> matching(List<HubFile> files, List<String> patterns) {
    return files.stream().filter(file -> matches(file, patterns)).toList();
  }

  /** A pattern without a slash is for the file's name, another one for its path. */
  private static boolean matches(HubFile file, List<String> patterns) {
    return patterns.stream()
        .anyMatch(
            pattern ->
                regex(pattern)
                    .matcher(pattern.contains("/") ? file.path() : file.fileName())
                    .matches());
  }

  private static Pattern regex(String glob) {
    var regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString());
  }
}
