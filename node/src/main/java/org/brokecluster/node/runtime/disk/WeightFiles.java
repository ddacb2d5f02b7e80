package org.brokecluster.node.runtime.disk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files of a model's weights: which there should be, which are there.
 *
 * @param bytes of the files that are there
 * @param parameters number of weights, if all heads could be read
 * @param problem what is wrong with them, or null
 */
record WeightFiles(long bytes, Optional<Long> parameters, @Nullable Problem problem) {
  /** How the reason begins where a folder holds GGUF files only. */
  static final String GGUF = "it is a GGUF model";

  private static final long INDEX_MAX = 64L << 20;
  private static final int SHARDS_MAX = 2000;
  private static final String INDEX = "model.safetensors.index.json";
  private static final String SAFETENSORS = ".safetensors";

  /**
   * What is wrong.
   *
   * @param incomplete whether a download would mend it
   */
  record Problem(boolean incomplete, String reason) {}

  /** Looks at the files of a model's folder. Blocks on the disk. */
  static WeightFiles of(ModelFolder model, int groupSize) {
    var index = model.path().resolve(INDEX);
    try {
      if (Files.isRegularFile(index)) {
        return indexed(model, JsonFiles.object(index, INDEX_MAX), groupSize);
      }
    } catch (IOException e) {
      return wrong(true, 0, e.getMessage());
    }
    var found = new ArrayList<String>();
    for (var file : ModelFinder.list(model.path())) {
      var name = file.getFileName().toString();
      if (name.endsWith(SAFETENSORS) && !name.startsWith("adapters")) {
        found.add(name);
      }
    }
    if (found.isEmpty()) {
      return none(model);
    }
    found.removeIf(name -> !name.startsWith("model"));
    return found.isEmpty()
        ? wrong(false, 0, "its files of weights are not named model*.safetensors, as mlx-lm wants")
        : read(model, found, groupSize, Optional.empty());
  }

  private static WeightFiles indexed(ModelFolder model, JsonNode index, int groupSize) {
    var names = new LinkedHashSet<String>();
    for (var name : index.path("weight_map")) {
      var text = name.asText("");
      if (!text.endsWith(SAFETENSORS) || text.contains("/") || text.contains("\\")) {
        return wrong(false, 0, INDEX + " names a file that is none of this model");
      }
      names.add(text);
      if (names.size() > SHARDS_MAX) {
        return wrong(false, 0, INDEX + " names more than " + SHARDS_MAX + " files");
      }
    }
    if (names.isEmpty()) {
      return wrong(true, 0, INDEX + " names no files");
    }
    var told = index.path("metadata").path("total_parameters");
    var parameters =
        told.canConvertToLong() && told.asLong() > 0
            ? Optional.of(told.asLong())
            : Optional.<Long>empty();
    return read(model, List.copyOf(names), groupSize, parameters);
  }

  private static WeightFiles read(
      ModelFolder model, List<String> names, int groupSize, Optional<Long> told) {
    long bytes = 0;
    long parameters = 0;
    var missing = new ArrayList<String>();
    @Nullable String broken = null;
    for (var name : names) {
      var file = model.path().resolve(name);
      try {
        if (!Files.isRegularFile(file)) {
          missing.add(name);
          continue;
        }
        bytes += Files.size(file);
        parameters += SafetensorsHeader.read(file, groupSize).parameters();
      } catch (IOException | RuntimeException e) {
        broken = pointer(file).orElse(String.valueOf(e.getMessage()));
      }
    }
    if (!missing.isEmpty()) {
      var reason =
          "%d of %d files of weights are missing, such as %s%s"
              .formatted(missing.size(), names.size(), missing.get(0), unfinished(model));
      return wrong(true, bytes, reason);
    }
    if (broken != null) {
      return wrong(true, bytes, broken);
    }
    var counted = told.isPresent() || parameters <= 0 ? told : Optional.of(parameters);
    return new WeightFiles(bytes, counted, null);
  }

  /** Git leaves a note in place of a large file where it was not told to fetch it. */
  private static Optional<String> pointer(Path file) {
    try {
      return SafetensorsHeader.magic(file).startsWith("version ")
          ? Optional.of(file.getFileName() + " is a Git LFS note in place of the file")
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What a folder without safetensors holds instead. */
  private static WeightFiles none(ModelFolder model) {
    var names = new ArrayList<String>();
    for (var file : ModelFinder.list(model.path())) {
      names.add(file.getFileName().toString().toLowerCase(Locale.ROOT));
    }
    var unfinished = unfinished(model);
    if (!unfinished.isEmpty() || has(names, INDEX)) {
      return wrong(true, 0, "no file of weights is there yet" + unfinished);
    }
    if (has(names, ".gguf")) {
      return wrong(false, 0, GGUF + ", which MLX does not read: install llama-server to serve it");
    }
    if (has(names, ".onnx") || names.contains("onnx")) {
      return wrong(false, 0, "it is an ONNX model, which no runtime here reads");
    }
    if (names.stream().anyMatch(name -> name.startsWith("ggml-") && name.endsWith(".bin"))) {
      return wrong(false, 0, "it is an old GGML model, which no runtime reads any longer");
    }
    if (has(names, ".bin") || has(names, ".pt") || has(names, ".pth") || has(names, ".npz")) {
      return wrong(
          false,
          0,
          "its weights are no safetensors: convert it with mlx_lm.convert, or pull another");
    }
    return wrong(true, 0, "it has no files of weights");
  }

  private static boolean has(List<String> names, String suffix) {
    return names.stream().anyMatch(name -> name.endsWith(suffix));
  }

  private static String unfinished(ModelFolder model) {
    boolean open =
        model.cache().stream()
            .flatMap(cache -> ModelFinder.list(cache.resolve("blobs")).stream())
            .anyMatch(blob -> blob.getFileName().toString().endsWith(".incomplete"));
    return open ? "; a download is under way or was broken off" : "";
  }

  private static WeightFiles wrong(boolean incomplete, long bytes, @Nullable String reason) {
    return new WeightFiles(
        bytes, Optional.empty(), new Problem(incomplete, String.valueOf(reason)));
  }
}
