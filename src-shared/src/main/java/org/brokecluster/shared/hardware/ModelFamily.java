package org.brokecluster.shared.hardware;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.brokecluster.shared.config.SettingsReader;

/**
 * What several files of the same weights have in common: {@code mlx-community/Qwen3-8B-4bit},
 * {@code Qwen3-8B-Q8_0.gguf} and {@code Qwen/Qwen3-8B} are variants of {@code qwen3-8b}. Pure.
 */
public final class ModelFamily {
  private static final Pattern FORMAT =
      Pattern.compile("(?<![a-z0-9])(?:mlx|gguf|dwq|awq|gptq|ud|i1|imatrix)(?![a-z0-9])");

  private static final Pattern RESTS = Pattern.compile("[-_. ]*[-_ ](?=[-_. ]|$)|^[-_. ]+");

  /** What makers of GGUF files advise where they offer several of one size. */
  private static final String ADVISED = "_k_m";

  private static final String PREFERRED = "broke.models.preferred-quantization";

  private ModelFamily() {}

  /** The quantisation that the operator prefers where a name leaves it open. */
  public static String preferredFormat(SettingsReader reader) {
    var text = reader.text(PREFERRED);
    if (Quantization.inName(text).isEmpty()) {
      reader.problem(PREFERRED, "must be a format such as 4bit, 8bit, Q4_K_M or bf16: " + text);
    }
    return text;
  }

  /**
   * The family of a name: lower case, without maker, quantisation and format.
   *
   * @param name of a model or a file, such as {@code mlx-community/Qwen3-8B-4bit}
   */
  public static String of(String name) {
    var base = lastPart(name).toLowerCase(Locale.ROOT);
    var bare = base;
    for (var mark = Quantization.inName(bare); mark.isPresent(); mark = Quantization.inName(bare)) {
      bare = bare.replace(mark.get().label(), " ");
    }
    var family = RESTS.matcher(FORMAT.matcher(bare).replaceAll(" ")).replaceAll("").strip();
    return family.isEmpty() ? base : family;
  }

  /**
   * Orders variants by how well they meet a wish: first those of exactly that format, then those
   * with as many bits, then those with bits nearest to it, larger ones first; what says nothing of
   * its format comes last.
   *
   * @param wish such as {@code 4bit}, {@code Q4_K_M} or {@code bf16}; a wish that is none of these
   *     orders nothing
   */
  public static Comparator<String> nearestTo(String wish) {
    var wanted = Quantization.inName(wish);
    if (wanted.isEmpty()) {
      return Comparator.comparingInt(name -> 0);
    }
    double bits = wanted.get().bitsPerWeight();
    var label = wanted.get().label();
    return Comparator.<String>comparingDouble(name -> distance(name, bits))
        .thenComparing(name -> !isOf(name, label))
        .thenComparing(name -> !name.toLowerCase(Locale.ROOT).contains(ADVISED));
  }

  /** Whether a name says that its weights have as many bits as wished for. */
  public static boolean sameBits(String name, String wish) {
    var wanted = Quantization.inName(wish).map(Quantization::bitsPerWeight);
    var found = Quantization.inName(lastPart(name)).map(Quantization::bitsPerWeight);
    return wanted.isPresent() && wanted.equals(found);
  }

  private static boolean isOf(String name, String label) {
    return Quantization.inName(lastPart(name))
        .map(found -> found.label().equals(label))
        .orElse(false);
  }

  private static double distance(String name, double bits) {
    Optional<Quantization> found = Quantization.inName(lastPart(name));
    return found.isEmpty()
        ? Double.MAX_VALUE
        : Math.abs(found.get().bitsPerWeight() - bits) * 2
            - (found.get().bitsPerWeight() > bits ? 0.5 : 0);
  }

  private static String lastPart(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
