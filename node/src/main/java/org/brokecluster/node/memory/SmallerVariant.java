package org.brokecluster.node.memory;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.brokecluster.node.memory.MemoryBudget.Alternative;
import org.brokecluster.protocol.id.ModelId;

/** Finds the same model in a smaller format, or a smaller model of the same family. Pure. */
final class SmallerVariant {
  private static final Pattern FORMAT =
      Pattern.compile(
          "[-_.](?:mlx|gguf|[2-8][-_]?bits?|bf16|fp16|f16|fp8|mxfp[48]|nvfp4|dwq|awq|gptq|i?q[1-8]"
              + "(?:_[a-z0-9]+)*)(?=[-_.]|$)");
  private static final Pattern SIZE = Pattern.compile("[-_](?:a?\\d+(?:\\.\\d+)?[bm])(?=[-_.]|$)");

  private SmallerVariant() {}

  /** The largest that takes no more than so many bytes; the same model before its relatives. */
  static Optional<Alternative> of(ModelId wanted, Collection<Alternative> others, long most) {
    var name = name(wanted);
    var family = family(name);
    var fitting =
        others.stream()
            .filter(other -> !other.id().equals(wanted) && other.bytes() <= most)
            .sorted(
                Comparator.comparingLong(Alternative::bytes)
                    .reversed()
                    .thenComparing(Alternative::id))
            .toList();
    return fitting.stream()
        .filter(other -> name(other.id()).equals(name))
        .findFirst()
        .or(() -> fitting.stream().filter(o -> family(name(o.id())).equals(family)).findFirst());
  }

  /** Without owner and format: {@code mlx-community/Qwen3-4B-4bit} is {@code qwen3-4b}. */
  private static String name(ModelId id) {
    var name = id.value().substring(id.value().lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return FORMAT.matcher(name).replaceAll("");
  }

  /** Without sizes as well: {@code qwen3}. */
  private static String family(String name) {
    return SIZE.matcher(name).replaceAll("");
  }
}
