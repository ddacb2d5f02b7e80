package org.brokecluster.node.runtime.gguf;

import org.brokecluster.shared.config.SettingsReader;

/**
 * The section {@code broke.node.gguf}.
 *
 * @param context context of each answer, in tokens
 * @param slots answers side by side where the operator did not say
 * @param threads threads that compute, 0 for as many as the machine has cores
 * @param gpuLayers layers put on the graphics processor, where the binding knows one
 */
public record GgufSettings(int context, int slots, int threads, int gpuLayers) {
  private static final String SECTION = "broke.node.gguf.";

  /** Reads the section. */
  public static GgufSettings read(SettingsReader reader) {
    return new GgufSettings(
        reader.integer(SECTION + "context", 64, 10_000_000),
        reader.integer(SECTION + "slots", 1, 64),
        reader.integer(SECTION + "threads", 0, 1024),
        reader.integer(SECTION + "gpu-layers", 0, 1000));
  }
}
