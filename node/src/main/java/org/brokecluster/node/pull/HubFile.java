package org.brokecluster.node.pull;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One file of a model.
 *
 * @param path where it belongs, with {@code /} between folders; never leads out of the folder
 * @param size in bytes, at least 0
 * @param hash what its content must hash to; names the blob in the cache as well
 */
record HubFile(String path, long size, BlobHash hash) {
  private static final Pattern PART = Pattern.compile("[^\\\\/\\p{Cntrl}:*?\"<>|]{1,200}");
  private static final int DEPTH_MAX = 8;

  /** Refuses a path that would lead elsewhere. */
  HubFile {
    if (!isSafe(path) || size < 0) {
      throw new IllegalArgumentException("not a file of a model: size=" + size);
    }
  }

  /** Whether a path stays in its folder on every system. */
  static boolean isSafe(String path) {
    var parts = List.of(path.split("/", -1));
    return parts.size() <= DEPTH_MAX
        && parts.stream()
            .allMatch(part -> PART.matcher(part).matches() && !part.matches("\\.{1,2}"));
  }

  /** The last part of the path. */
  String fileName() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Folders above the file within the model. */
  int depth() {
    return (int) path.chars().filter(c -> c == '/').count();
  }
}
