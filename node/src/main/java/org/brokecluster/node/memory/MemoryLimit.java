package org.brokecluster.node.memory;

/**
 * How much of the machine models may take.
 *
 * @param physicalBytes memory of the machine
 * @param bytes what models may take in all, 0 if the machine's memory is not known
 */
public record MemoryLimit(long physicalBytes, long bytes) {
  /**
   * The limit of a machine: what the GPU may hold, and never so much that less than the owner's
   * share is left. An operator's own figure replaces the share, not the GPU's limit.
   *
   * @param workingSet bytes the GPU may hold
   * @param settings what the operator said
   */
  public static MemoryLimit of(long physicalBytes, long workingSet, MemorySettings settings) {
    if (physicalBytes <= 0) {
      return new MemoryLimit(0, 0);
    }
    long leave = Math.round(physicalBytes * settings.ownerShare());
    long most = settings.maxBytes().orElse(physicalBytes - leave);
    return new MemoryLimit(physicalBytes, Math.max(1, Math.min(workingSet, most)));
  }

  /** Whether there is a limit at all. */
  public boolean known() {
    return bytes > 0;
  }

  /** For people, such as {@code this machine gives models 48.0 GB of 64.0 GB}. */
  String sentence() {
    return "this machine gives models %s of %s"
        .formatted(Gigabytes.of(bytes), Gigabytes.of(physicalBytes));
  }
}
