package org.brokecluster.node.runtime.openai;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.brokecluster.protocol.model.Tier;

/**
 * A model server to attach, written as {@code
 * KIND=URL[,slots=N][,tier=T][,model=ID][,key-env=NAME]}. The kind is {@code ollama}, {@code
 * openai} for a server that is to be told by its answers, or the label of a {@link Dialect}.
 *
 * @param kind what the operator said it is
 * @param base address without {@code /v1} and without a slash at the end, or the file
 * @param slots streams side by side on each model, if the operator said so
 * @param tier tier of all its models, if the operator said so
 * @param model the one model to serve, by the name the server knows; all it lists if empty. For
 *     mlx_lm.server it is the model that the server was started with
 * @param keyEnv environment variable that holds the server's API key
 */
public record RuntimeSpec(
    String kind,
    URI base,
    OptionalInt slots,
    Optional<Tier> tier,
    Optional<String> model,
    Optional<String> keyEnv) {
  /** How a specification is written. */
  public static final String FORM = "KIND=URL[,slots=N][,tier=T][,model=ID][,key-env=NAME]";

  /** The kind that is a GGUF file run in this process; a path stands where others have a URL. */
  public static final String GGUF = "gguf";

  /** The kind that is attached by Ollama's own API. */
  public static final String OLLAMA = "ollama";

  private static final Pattern SLOTS = Pattern.compile("[1-9]\\d{0,3}");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Set<String> SCHEMES = Set.of("http", "https");
  private static final Set<String> OPTIONS = Set.of("slots", "tier", "model", "key-env");

  /**
   * Reads a specification.
   *
   * @throws IllegalArgumentException that says what is wrong and what is allowed
   */
  public static RuntimeSpec parse(String text) {
    int equals = text.indexOf('=');
    var kind = equals < 0 ? "" : text.substring(0, equals).strip();
    if (!kinds().contains(kind)) {
      throw wrong(text, "it must begin with one of " + String.join("=, ", kinds()) + "=");
    }
    var parts = text.substring(equals + 1).split(",", -1);
    var options = options(text, parts);
    var slots = options.get("slots");
    if (slots != null && !SLOTS.matcher(slots).matches()) {
      throw wrong(text, "slots must be 1 to 9999, is \"" + slots + "\"");
    }
    var tier = options.get("tier");
    if (tier != null && Tier.parse(tier).isEmpty()) {
      throw wrong(text, "tier must be basic, balanced or premium, is \"" + tier + "\"");
    }
    var key = options.get("key-env");
    if (key != null && !VARIABLE.matcher(key).matches()) {
      throw wrong(text, "key-env must be the name of an environment variable");
    }
    return new RuntimeSpec(
        kind,
        kind.equals(GGUF) ? file(text, parts[0].strip()) : base(text, parts[0].strip()),
        slots == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(slots)),
        Optional.ofNullable(tier).flatMap(Tier::parse),
        Optional.ofNullable(options.get("model")),
        Optional.ofNullable(key));
  }

  /** Every kind that can be written. */
  public static Set<String> kinds() {
    var kinds = new LinkedHashSet<String>();
    for (var dialect : Dialect.values()) {
      if (dialect != Dialect.OLLAMA_COMPATIBLE) {
        kinds.add(dialect.label());
      }
    }
    kinds.add(OLLAMA);
    kinds.add(GGUF);
    return kinds;
  }

  /** Whether it is a GGUF file run in this process. */
  public boolean isGguf() {
    return kind.equals(GGUF);
  }

  /** Whether it is attached by Ollama's own API. */
  public boolean isOllama() {
    return kind.equals(OLLAMA);
  }

  /** How it speaks OpenAI's API; generic where that is to be found out. */
  public Dialect dialect() {
    return Dialect.parse(kind).orElse(Dialect.GENERIC);
  }

  /** Address of an endpoint, such as {@code /v1/models}. */
  public URI endpoint(String path) {
    return URI.create(base + path);
  }

  private static Map<String, String> options(String text, String[] parts) {
    var options = new LinkedHashMap<String, String>();
    for (int i = 1; i < parts.length; i++) {
      var option = parts[i].strip();
      int equals = option.indexOf('=');
      var name = equals < 0 ? option : option.substring(0, equals);
      if (!OPTIONS.contains(name)) {
        throw wrong(text, "unknown option \"" + name + "\"");
      }
      var value = option.substring(equals + 1);
      if (equals < 0 || value.isBlank()) {
        throw wrong(text, "option " + name + " needs a value");
      }
      if (options.put(name, value) != null) {
        throw wrong(text, "option " + name + " appears twice");
      }
    }
    return options;
  }

  private static URI base(String text, String url) {
    var address = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    if (address.endsWith("/v1")) {
      address = address.substring(0, address.length() - "/v1".length());
    }
    try {
      var uri = new URI(address);
      if (SCHEMES.contains(String.valueOf(uri.getScheme())) && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw wrong(text, "the URL must be like http://127.0.0.1:8080: " + e.getMessage());
    }
    throw wrong(text, "the URL must be like http://127.0.0.1:8080, is \"" + url + "\"");
  }

  private static URI file(String text, String path) {
    try {
      if (!path.isEmpty()) {
        return Path.of(path).toAbsolutePath().normalize().toUri();
      }
    } catch (InvalidPathException e) {
      throw wrong(text, "the path must be one of a file: " + e.getMessage());
    }
    throw wrong(text, "the path of a file is missing");
  }

  private static IllegalArgumentException wrong(String text, String why) {
    return new IllegalArgumentException(
        "runtime \"%s\": %s; allowed is %s".formatted(text, why, FORM));
  }
}
