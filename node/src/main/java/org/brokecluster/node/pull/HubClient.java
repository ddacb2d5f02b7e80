package org.brokecluster.node.pull;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Talks to the hub. Follows redirects itself: the token goes to the hub only, never to the host a
 * redirect leads to, and never into a message or log. Blocks; thread safe.
 */
final class HubClient {
  private static final int REDIRECTS_MAX = 5;
  private static final int LISTING_MAX = 16 << 20;
  private static final int TEXT_MAX = 200;
  private static final Duration WAIT_MAX = Duration.ofMinutes(2);
  private static final Pattern RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)");

  private final PullSettings settings;
  private final Optional<String> token;
  private final HttpClient http;

  /**
   * A client without connections.
   *
   * @param token the user's token of the hub, if there is one
   */
  HubClient(PullSettings settings, Optional<String> token) {
    this.settings = settings;
    this.token = token;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.connectTimeout())
            .build();
  }

  /**
   * Content of a file on its way.
   *
   * @param offset where it begins: as asked, or 0 from a server that sends all of it
   */
  record Content(InputStream bytes, long offset) {}

  /** What a model consists of. */
  HubListing listing(HubModel model) throws PullException, InterruptedException {
    var path = "/api/models/%s/revision/%s?blobs=true".formatted(model.id(), model.revision());
    var response = send(model, hub(path), 0);
    try (var stalls = new StallWatch(settings.stallTimeout());
        var body = stalls.watch(response.body())) {
      var bytes = body.readNBytes(LISTING_MAX + 1);
      if (bytes.length > LISTING_MAX) {
        throw PullException.lasting("the hub's description of the model is too long");
      }
      return HubListing.parse(bytes, settings.filesMax());
    } catch (IOException e) {
      throw PullException.passing("the hub's answer broke off: " + e.getMessage());
    }
  }

  /**
   * Opens a file at a commit.
   *
   * @param offset bytes that are here already; 0 for all of it
   */
  Content open(HubModel model, String commit, HubFile file, long offset)
      throws PullException, InterruptedException {
    var path = new StringBuilder("/" + model.id() + "/resolve/" + commit);
    for (var part : file.path().split("/", -1)) {
      path.append('/').append(URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"));
    }
    var response = send(model, hub(path.toString()), offset);
    return new Content(response.body(), response.statusCode() == 206 ? begin(response) : 0);
  }

  private static long begin(HttpResponse<InputStream> response) throws PullException {
    var range = RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
    if (!range.matches()) {
      close(response);
      throw PullException.passing("the hub sent a part of a file without saying which");
    }
    return number(range.group(1));
  }

  private URI hub(String path) {
    return URI.create(settings.endpoint() + path);
  }

  private HttpResponse<InputStream> send(HubModel model, URI first, long offset)
      throws PullException, InterruptedException {
    var target = first;
    for (int hop = 0; hop <= REDIRECTS_MAX; hop++) {
      var response = exchange(target, offset);
      int status = response.statusCode();
      if (status == 200 || status == 206) {
        return response;
      }
      close(response);
      if (status < 300 || status >= 400) {
        throw refused(model, target, response, offset);
      }
      target = next(target, response);
    }
    throw PullException.lasting("the hub redirects more than " + REDIRECTS_MAX + " times");
  }

  private HttpResponse<InputStream> exchange(URI target, long offset)
      throws PullException, InterruptedException {
    var request =
        HttpRequest.newBuilder(target)
            .timeout(settings.connectTimeout())
            .header("User-Agent", "broke-cluster")
            .header("Accept-Encoding", "identity");
    if (offset > 0) {
      request.header("Range", "bytes=" + offset + "-");
    }
    if (token.isPresent() && isHub(target)) {
      request.header("Authorization", "Bearer " + token.get());
    }
    try {
      return http.send(request.GET().build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      var why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw PullException.passing("%s cannot be reached: %s".formatted(shown(target), why));
    }
  }

  private boolean isHub(URI target) {
    var hub = settings.endpoint();
    return hub.getScheme().equals(target.getScheme())
        && hub.getHost().equalsIgnoreCase(target.getHost())
        && hub.getPort() == target.getPort();
  }

  private static URI next(URI from, HttpResponse<?> response) throws PullException {
    try {
      var location = response.headers().firstValue("Location").orElse("");
      var to = from.resolve(location);
      boolean downgrade =
          "https".equals(from.getScheme()) && !String.valueOf(to.getScheme()).equals("https");
      if (location.isEmpty() || to.getHost() == null || downgrade) {
        throw PullException.lasting("the hub redirects to nowhere, or to an unsafe address");
      }
      return to;
    } catch (IllegalArgumentException e) {
      throw PullException.lasting("the hub redirects to an address that cannot be read");
    }
  }

  private PullException refused(HubModel model, URI target, HttpResponse<?> response, long offset) {
    int status = response.statusCode();
    var code = response.headers().firstValue("X-Error-Code").orElse("");
    if (status == 401 || status == 403) {
      return PullException.lasting(locked(model, code));
    }
    if (status == 404 || status == 410) {
      return PullException.lasting(
          code.equals("RevisionNotFound")
              ? "the model %s has no revision %s".formatted(model.id(), model.revision())
              : "the hub has no model %s, or not this file of it".formatted(model.label()));
    }
    if (status == 416) {
      return PullException.passing("the hub has no byte %d of the file".formatted(offset));
    }
    var said = "%s answered with HTTP %d".formatted(shown(target), status);
    return status == 429 || status == 408 || status >= 500
        ? PullException.passing(said, waitOf(response))
        : PullException.lasting(said);
  }

  private String locked(HubModel model, String code) {
    var page = settings.endpoint() + "/" + model.id();
    var variable = settings.tokenVariable();
    if (code.equals("GatedRepo")) {
      return "the model %s is gated: accept its terms at %s, then start the node with a token of the hub in %s"
          .formatted(model.id(), page, variable);
    }
    return token.isPresent()
        ? "the hub does not let the token in %s read %s: does it exist, and may this token read it?"
            .formatted(variable, model.id())
        : "the hub has no public model %s; if it is a private or gated one, start the node with a token of the hub in %s"
            .formatted(model.id(), variable);
  }

  /** The pause the hub asks for, within reason. */
  private static Duration waitOf(HttpResponse<?> response) {
    long seconds = number(response.headers().firstValue("Retry-After").orElse(""));
    return Duration.ofSeconds(Math.max(0, Math.min(WAIT_MAX.toSeconds(), seconds)));
  }

  private static long number(String text) {
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  /** Scheme, host and path; what follows may be a signature, which is a secret. */
  private static String shown(URI target) {
    var text = target.getScheme() + "://" + target.getAuthority() + target.getPath();
    return text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) + "…" : text;
  }

  private static void close(HttpResponse<InputStream> response) {
    try {
      response.body().close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e); // Closing a stream of this client never fails.
    }
  }
}
