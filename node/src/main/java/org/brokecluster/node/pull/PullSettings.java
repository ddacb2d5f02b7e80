package org.brokecluster.node.pull;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.hardware.ModelFamily;

/**
 * How models are fetched: {@code broke.node.pull}, and two keys of {@code broke.node.models}.
 *
 * @param offline never fetch anything, not even when asked
 * @param endpoint address of the hub, without a slash at its end
 * @param cache folder of the Hugging Face cache, or nothing for the usual place
 * @param tokenVariable environment variable with the hub's token
 * @param parallel files fetched side by side for one model
 * @param pullsMax models fetched at once
 * @param triesMax tries for each file
 * @param retryDelay pause before the second try; doubles with each further one
 * @param connectTimeout time to open a connection and to get an answer's head
 * @param stallTimeout time without a byte after which a try is given up
 * @param diskReserve space that is left free on the disk
 * @param filesMax a model of more files is refused
 */
public record PullSettings(
    boolean offline,
    URI endpoint,
    Optional<Path> cache,
    String tokenVariable,
    int parallel,
    int pullsMax,
    int triesMax,
    Duration retryDelay,
    Duration connectTimeout,
    Duration stallTimeout,
    long diskReserve,
    int filesMax,
    String preferredQuantization) {
  private static final String SECTION = "broke.node.pull.";
  private static final String CACHE = SECTION + "cache";
  private static final URI HUB = URI.create("https://huggingface.co");

  /** Reads and checks the keys. */
  public static PullSettings read(SettingsReader reader) {
    var second = Duration.ofSeconds(1);
    return new PullSettings(
        reader.flag("broke.node.models.offline"),
        reader.parsed(SECTION + "endpoint", PullSettings::endpoint, HUB),
        cache(reader),
        reader.text(SECTION + "token-env"),
        reader.integer(SECTION + "parallel", 1, 16),
        reader.integer(SECTION + "pulls-max", 1, 16),
        reader.integer(SECTION + "tries-max", 1, 100),
        reader.duration(SECTION + "retry-delay", Duration.ofMillis(1), Duration.ofMinutes(1)),
        reader.duration(SECTION + "connect-timeout", second, Duration.ofMinutes(5)),
        reader.duration(SECTION + "stall-timeout", Duration.ofMillis(100), Duration.ofMinutes(30)),
        reader.bytes(SECTION + "disk-reserve", 0, 1L << 50),
        reader.integer(SECTION + "files-max", 1, 10_000),
        ModelFamily.preferredFormat(reader));
  }

  private static URI endpoint(String text) {
    var uri = URI.create(text.replaceAll("/+$", ""));
    var scheme = String.valueOf(uri.getScheme());
    if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
      throw new IllegalArgumentException("not an HTTP address: \"" + text + "\"");
    }
    return uri;
  }

  private static Optional<Path> cache(SettingsReader reader) {
    try {
      return reader.optionalText(CACHE).map(Path::of);
    } catch (InvalidPathException e) {
      reader.problem(CACHE, "not a path: " + e.getMessage());
      return Optional.empty();
    }
  }
}
