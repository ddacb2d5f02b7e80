package org.brokecluster.node.pull;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A model of the hub.
 *
 * @param owner who has published it
 * @param name its name there
 * @param revision branch, tag or commit
 */
record HubModel(String owner, String name, String revision) {
  private static final String MAIN = "main";
  private static final int LENGTH_MAX = 300;
  private static final List<String> PREFIXES =
      List.of(
          "https://huggingface.co/",
          "http://huggingface.co/",
          "https://hf.co/",
          "huggingface.co/",
          "hf.co/",
          "huggingface:",
          "hf:");
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,95}");
  private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  /**
   * Reads {@code owner/name}, {@code huggingface:owner/name} or the address of the model's page,
   * each with {@code @revision} or {@code /tree/revision} behind it if need be.
   *
   * @throws IllegalArgumentException with a message for people
   */
  static HubModel parse(String text) {
    var rest = text.strip();
    if (rest.length() > LENGTH_MAX) {
      throw new IllegalArgumentException("the model's name is too long");
    }
    var lower = rest.toLowerCase(Locale.ROOT);
    for (var prefix : PREFIXES) {
      if (lower.startsWith(prefix)) {
        rest = rest.substring(prefix.length());
        break;
      }
    }
    var revision = MAIN;
    int at = rest.indexOf('@');
    if (at >= 0) {
      revision = rest.substring(at + 1);
      rest = rest.substring(0, at);
    }
    var parts = List.of(rest.replaceAll("/+$", "").split("/", -1));
    if (parts.size() == 4 && parts.get(2).equals("tree")) {
      revision = parts.get(3);
      parts = parts.subList(0, 2);
    }
    if (parts.size() != 2 || !valid(parts.get(0)) || !valid(parts.get(1))) {
      throw new IllegalArgumentException(
          "\"%s\" is no model of the hub: write OWNER/NAME, such as mlx-community/Qwen3-4B-4bit"
              .formatted(text.strip()));
    }
    if (!REVISION.matcher(revision).matches()) {
      throw new IllegalArgumentException("\"%s\" is no revision".formatted(revision));
    }
    return new HubModel(parts.get(0), parts.get(1), revision);
  }

  private static boolean valid(String part) {
    return PART.matcher(part).matches() && !part.contains("--") && !part.contains("..");
  }

  /** As people write it; the revision only if it is not the usual one. */
  String label() {
    return id() + (revision.equals(MAIN) ? "" : "@" + revision);
  }

  /** Owner and name. */
  String id() {
    return owner + "/" + name;
  }

  /** Name of its folder in the cache. */
  String folder() {
    return "models--" + owner + "--" + name;
  }
}
