package org.brokecluster.coordinator.http.route;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which path and method is answered by what. A path is a text with placeholders: <code>{name}
 * </code> stands for one segment, <code>{name...}</code> for one or more. Paths without
 * placeholders are found first, the others in the order they were added. Filled once, then read
 * only.
 */
final class RouteTable {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)(\\.\\.\\.)?}");

  private final Map<String, Resource> fixed = new HashMap<>();
  private final List<Template> templates = new ArrayList<>();

  /** What a path offers, by method. */
  static final class Resource {
    private final String path;
    private final Map<String, Endpoint> methods = new TreeMap<>();

    private Resource(String path) {
      this.path = path;
    }

    /** The path as it was added, with its placeholders; fit for a metric. */
    String path() {
      return path;
    }

    /** What answers a method; a HEAD is answered like a GET. */
    @Nullable Endpoint endpoint(String method) {
      return methods.get(method.equals("HEAD") ? "GET" : method);
    }

    /** The value of an {@code Allow} header. */
    String allow() {
      var allowed = new TreeSet<>(methods.keySet());
      if (allowed.contains("GET")) {
        allowed.add("HEAD");
      }
      allowed.add("OPTIONS");
      return String.join(", ", allowed);
    }
  }

  /** A resource and what its placeholders stand for. */
  record Match(Resource resource, Map<String, String> parameters) {}

  private record Template(Pattern pattern, List<String> names, Resource resource) {}

  /** Adds a method to a path. */
  RouteTable add(String method, String path, Endpoint endpoint) {
    resource(path).methods.put(method, endpoint);
    return this;
  }

  /** What answers this path, as it stands in the request; a slash at its end does not matter. */
  @Nullable Match find(String given) {
    var path = given.length() > 1 && given.endsWith("/") ? withoutLast(given) : given;
    var known = fixed.get(path);
    if (known != null) {
      return new Match(known, Map.of());
    }
    for (var template : templates) {
      var matcher = template.pattern().matcher(path);
      if (matcher.matches()) {
        var parameters = new HashMap<String, String>();
        for (int i = 0; i < template.names().size(); i++) {
          parameters.put(template.names().get(i), decoded(matcher.group(i + 1)));
        }
        return new Match(template.resource(), parameters);
      }
    }
    return null;
  }

  /** Every path that was added, sorted. */
  List<String> paths() {
    var all = new TreeSet<>(fixed.keySet());
    templates.forEach(template -> all.add(template.resource().path()));
    return List.copyOf(all);
  }

  /**
   * The path that was most likely meant by one that is not there: with {@code /v1} or {@code /api}
   * left out, written twice, or behind a prefix of some proxy's; null if none is like it.
   */
  @Nullable String meant(String given) {
    var path = given.endsWith("/") && given.length() > 1 ? withoutLast(given) : given;
    String best = null;
    for (var known : fixed.keySet()) {
      boolean like = known.length() > 1 && (path.endsWith(known) || known.endsWith(path));
      if (like && (best == null || closer(known, best, path))) {
        best = known;
      }
    }
    return best;
  }

  /** By length, then by the alphabet, so that the same is said each time. */
  private static boolean closer(String known, String best, String path) {
    int by = Math.abs(known.length() - path.length()) - Math.abs(best.length() - path.length());
    return by != 0 ? by < 0 : known.compareTo(best) < 0;
  }

  private static String withoutLast(String path) {
    return path.substring(0, path.length() - 1);
  }

  private Resource resource(String path) {
    if (!path.contains("{")) {
      return fixed.computeIfAbsent(path, Resource::new);
    }
    for (var template : templates) {
      if (template.resource().path().equals(path)) {
        return template.resource();
      }
    }
    var template = template(path);
    templates.add(template);
    return template.resource();
  }

  private static Template template(String path) {
    var names = new ArrayList<String>();
    var matcher = PLACEHOLDER.matcher(path);
    var pattern = new StringBuilder();
    int done = 0;
    while (matcher.find()) {
      pattern.append(Pattern.quote(path.substring(done, matcher.start())));
      pattern.append(matcher.group(2) == null ? "([^/]+)" : "(.+)");
      names.add(matcher.group(1));
      done = matcher.end();
    }
    pattern.append(Pattern.quote(path.substring(done)));
    return new Template(Pattern.compile(pattern.toString()), names, new Resource(path));
  }

  /** Percent-decodes; what is not decodable stays as it is and will not be found. */
  private static String decoded(String segment) {
    try {
      return segment.indexOf('%') < 0
          ? segment
          : URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return segment;
    }
  }
}
