package org.brokecluster.coordinator.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Function;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.VerbException;
import org.brokecluster.shared.host.EdgeAddress;
import org.brokecluster.shared.host.HostSettingsReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options by which every reading verb finds the cluster and chooses its output. */
public final class EdgeFlags {
  private static final int PORT = 8000;
  private static final String DATA_DIR = "~/.broke";

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port of the cluster's HTTP address on this machine. Default: 8000.")
  private @Nullable Integer port;

  @Option(names = "--url", paramLabel = "URL", description = "Address of any host of the cluster.")
  private @Nullable String url;

  @Option(
      names = "--data-dir",
      paramLabel = "FOLDER",
      description = "Data folder of a host on this machine, which knows its address.")
  private @Nullable String dataDir;

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description = "Key of a cluster that asks for one. Default: BROKE_API_KEY.")
  private @Nullable String apiKey;

  @Option(names = "--json", description = "Print the cluster's answer as JSON.")
  private boolean json;

  /** Whether JSON is wanted. */
  public boolean json() {
    return json;
  }

  /** Standard output of the verb. */
  public PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Standard error of the verb. */
  public PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Writes out what was printed, and says whether nobody reads it any more. */
  public boolean unread() {
    return out().checkError() || System.out.checkError();
  }

  /** Talks to the address that the options, or else the running host, name. */
  public EdgeClient client() {
    var key = Optional.ofNullable(apiKey).or(() -> Optional.ofNullable(env("BROKE_API_KEY")));
    return new EdgeClient(address(), key);
  }

  /** Asks, and prints the answer as JSON or as rendered. */
  public int show(String path, Function<JsonNode, String> render) {
    return print(client().get(path), render);
  }

  /** Prints an answer as JSON or as rendered. */
  public int print(JsonNode answer, Function<JsonNode, String> render) {
    if (json) {
      out().println(Json.pretty(answer));
    } else {
      out().print(render.apply(answer));
    }
    out().flush();
    return ExitCode.OK;
  }

  /** The data folder that was named, if one was. */
  public Optional<String> dataDir() {
    return Optional.ofNullable(dataDir);
  }

  private String address() {
    if (url != null) {
      return url.contains("://") ? url : "http://" + url;
    }
    if (port != null) {
      return local(port);
    }
    if (dataDir != null) {
      var folder = dataDir;
      return known(folder)
          .orElseThrow(
              () ->
                  VerbException.failed(
                      "no running host has its data folder at "
                          + folder
                          + ": start one with ./broke up --data-dir "
                          + folder
                          + ", or say where it is with --port or --url"));
    }
    return known(DATA_DIR).orElse(local(PORT));
  }

  private static Optional<String> known(String folder) {
    try {
      return EdgeAddress.readFrom(HostSettingsReader.expandHome(folder))
          .filter(EdgeAddress::alive)
          .map(EdgeAddress::url);
    } catch (IOException e) {
      throw VerbException.failed("cannot read the data folder " + folder + ": " + e.getMessage());
    }
  }

  private static String local(int port) {
    return "http://127.0.0.1:" + port;
  }

  private static @Nullable String env(String name) {
    var value = System.getenv(name);
    return value == null || value.isBlank() ? null : value.strip();
  }
}
