package org.brokecluster.coordinator.cli.collect;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.client.EdgeClient;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.ProgressLine;
import org.brokecluster.coordinator.collect.TextSource;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.VerbException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./broke collect import}: adds problems from files. */
@Command(
    name = "import",
    description = {
      "Add problems of your own, of MultiPL-E, or of a benchmark run.",
      "",
      "A line of JSON each, with at least name, language and prompt:",
      "  {\"name\": \"sum\", \"language\": \"py\", \"prompt\": \"def sum(a, b):\"}",
      "tests, stop_tokens and MultiPL-E's other fields are optional. Runs may have"
          + " completions and results. A .json file may hold one problem or a list; .gz is read"
          + " as well. The same problem is kept once, however often it is added.",
      ""
    },
    sortOptions = false)
final class CollectImportCommand implements Callable<Integer> {
  private static final int BATCH = 100;
  private static final int BATCH_CHARACTERS = 1 << 20;
  private static final int SHOWN_MAX = 20;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files with problems.")
  private List<Path> files = List.of();

  @Option(
      names = "--source",
      paramLabel = "WHERE",
      description = "Where they came from unless they say so: hand or bench. Default: hand.")
  private String source = "hand";

  @Option(names = "--dry-run", description = "Only check the files.")
  private boolean dryRun;

  @Mixin private EdgeFlags edge;

  private final List<JsonNode> batch = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private int wrongCount;
  private int characters;
  private long valid;
  private long stored;
  private long known;

  @Override
  public Integer call() {
    var from =
        TextSource.parse(source)
            .filter(each -> each == TextSource.HAND || each == TextSource.BENCH)
            .orElseThrow(() -> VerbException.misuse("--source is hand or bench, not " + source));
    var client = edge.client();
    var progress = ProgressLine.on(edge.err());
    for (var file : files) {
      new ProblemLines(
              from,
              (line, problem) -> add(client, problem, progress),
              (line, what) -> refuse(file + ":" + line + ": " + what))
          .read(file);
    }
    send(client);
    progress.clear();
    return report();
  }

  private void add(EdgeClient client, JsonNode problem, ProgressLine progress) {
    valid++;
    batch.add(problem);
    characters += problem.toString().length();
    if (batch.size() >= BATCH || characters >= BATCH_CHARACTERS) {
      send(client);
      progress.show("collect: " + valid + " problems");
    }
  }

  private void refuse(String what) {
    wrongCount++;
    if (wrong.size() < SHOWN_MAX) {
      wrong.add(what);
    }
  }

  private void send(EdgeClient client) {
    if (!batch.isEmpty() && !dryRun) {
      var body = Json.object().put("source", source);
      body.putArray("problems").addAll(batch);
      var answer = client.post("/api/collect", body);
      stored += answer.path("stored").asLong();
      known += answer.path("known").asLong();
      Json.list(answer, "refused")
          .forEach(
              each ->
                  refuse(
                      Json.text(batch.get(each.path("index").asInt()), "name")
                          + ": "
                          + Json.text(each, "error")));
    }
    batch.clear();
    characters = 0;
  }

  private int report() {
    if (edge.json()) {
      var report = Json.object().put("valid", valid).put("stored", stored).put("known", known);
      report.put("wrong", wrongCount).put("dryRun", dryRun);
      wrong.forEach(report.putArray("errors")::add);
      edge.out().println(Json.pretty(report));
    } else {
      wrong.forEach(edge.err()::println);
      if (wrongCount > wrong.size()) {
        edge.err().println("and " + (wrongCount - wrong.size()) + " more");
      }
      edge.out()
          .println(
              dryRun
                  ? "would add " + valid + " problems"
                  : "added " + stored + " problems, " + known + " were there already");
    }
    edge.err().flush();
    edge.out().flush();
    return wrongCount == 0 ? ExitCode.OK : ExitCode.FAILED;
  }
}
