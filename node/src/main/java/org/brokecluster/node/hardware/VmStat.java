package org.brokecluster.node.hardware;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/** What {@code vm_stat} prints. Pure. */
final class VmStat {
  private static final Pattern PAGE_SIZE = Pattern.compile("page size of (\\d+) bytes");
  private static final Pattern PAGES =
      Pattern.compile("(?m)^Pages (free|speculative|purgeable):\\s+(\\d+)\\.$");

  private VmStat() {}

  /**
   * Bytes that can be had without swapping: free, speculative and purgeable pages. Inactive pages
   * do not count, because they may hold buffers of the GPU.
   */
  static OptionalLong availableBytes(String output) {
    var size = PAGE_SIZE.matcher(output);
    if (!size.find()) {
      return OptionalLong.empty();
    }
    var pageBytes = Numbers.whole(size.group(1));
    long pages = 0;
    boolean free = false;
    var match = PAGES.matcher(output);
    while (match.find()) {
      pages += Numbers.whole(match.group(2)).orElse(0);
      free |= match.group(1).equals("free");
    }
    return free && pageBytes.isPresent()
        ? OptionalLong.of(pages * pageBytes.getAsLong())
        : OptionalLong.empty();
  }
}
