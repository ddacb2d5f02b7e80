package org.brokecluster.coordinator.cli.collect;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.client.EdgePath;
import org.brokecluster.coordinator.cli.text.Failures;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.ProgressLine;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.VerbException;
import org.brokecluster.shared.file.WholeFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./broke collect export}: writes kept prompts and answers down, redacted. */
@Command(
    name = "export",
    description = {
      "Write kept prompts and answers, a line of JSON each, the latest first.",
      "",
      "The fields are MultiPL-E's (name, language, prompt, tests and others) and"
          + " broke_metadata: the answer, who gave it, how long it took, how it was rated. People"
          + " appear as opaque ids.",
      "",
      "  ./broke collect export --dry-run             count what would be taken out",
      "  ./broke collect export good.jsonl --rating 4",
      ""
    },
    sortOptions = false)
final class CollectExportCommand implements Callable<Integer> {
  private static final int PAGE = 50;

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "Default: standard output.")
  private @Nullable Path file;

  @Option(names = "--dry-run", description = "Write nothing; show what would be taken out.")
  private boolean dryRun;

  @Mixin private CollectFlags which;

  @Mixin private EdgeFlags edge;

  private final Map<String, Long> redactions = new TreeMap<>();
  private long texts;
  private long unreadable;

  @Override
  public Integer call() {
    var to = file;
    if (dryRun) {
      pages(line -> {});
    } else if (to == null) {
      pages(line -> edge.out().println(line));
      edge.out().flush();
    } else {
      write(to);
    }
    report();
    return ExitCode.OK;
  }

  private interface Line {
    void accept(JsonNode line) throws IOException;
  }

  private void write(Path to) {
    try {
      WholeFile.write(to, this::pages);
    } catch (IOException e) {
      throw VerbException.failed("cannot write " + to + ": " + Failures.reason(e));
    }
  }

  private void pages(OutputStream to) throws IOException {
    var out = new OutputStreamWriter(to, StandardCharsets.UTF_8);
    pages(line -> out.append(line.toString()).append('\n'));
    out.flush();
  }

  private void pages(Line each) {
    var client = edge.client();
    long total = client.get("/api/collect/summary").path("texts").asLong();
    var progress = ProgressLine.on(edge.err());
    String before = null;
    try {
      do {
        var page = client.get(path(before));
        for (var line : Json.list(page, "items")) {
          each.accept(line);
        }
        count(page);
        progress.show("collect: " + texts + " of at most " + total);
        before = Json.find(page, "next").map(JsonNode::asText).orElse(null);
      } while (before != null);
    } catch (IOException e) {
      throw VerbException.failed("cannot write: " + e.getMessage());
    } finally {
      progress.clear();
    }
  }

  private String path(@Nullable String before) {
    var page =
        EdgePath.of("/api/collect")
            .with("limit", PAGE)
            .with("count", dryRun ? true : null)
            .with("before", before);
    return which.onto(page).text();
  }

  private void count(JsonNode page) {
    texts += page.path("texts").asLong();
    unreadable += page.path("unreadable").asLong();
    page.path("redactions")
        .properties()
        .forEach(each -> redactions.merge(each.getKey(), each.getValue().asLong(), Long::sum));
  }

  /** On standard error where standard output is the data. */
  private void report() {
    boolean outIsData = file == null && !dryRun;
    PrintWriter to = outIsData ? edge.err() : edge.out();
    if (edge.json() && !outIsData) {
      var report = Json.object().put("texts", texts).put("unreadable", unreadable);
      var taken = report.putObject("redactions");
      redactions.forEach(taken::put);
      to.println(Json.pretty(report.put("dryRun", dryRun)));
    } else {
      to.println(words());
    }
    to.flush();
  }

  private String words() {
    var taken =
        redactions.entrySet().stream()
            .map(each -> each.getKey() + " " + each.getValue())
            .collect(Collectors.joining(", "));
    return (dryRun ? "would write " : "wrote ")
        + texts
        + " texts"
        + (file == null || dryRun ? "" : " to " + file)
        + "; taken out: "
        + (taken.isEmpty() ? "nothing" : taken)
        + (unreadable > 0 ? "; " + unreadable + " were sealed with a key that is not here" : "");
  }
}
