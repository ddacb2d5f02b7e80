package org.brokecluster.coordinator.cli.collect;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.client.EdgePath;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.Moment;
import org.brokecluster.shared.cli.VerbException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./broke collect delete}: deletes kept prompts and answers. */
@Command(
    name = "delete",
    description = {
      "Delete kept prompts and answers, and what people wrote about them.",
      "",
      "Those of a person, and who that was: ./broke history --forget NAME",
      ""
    },
    sortOptions = false)
final class CollectDeleteCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "REQUEST_ID",
      description = "Only those of this request, or of the problem with this id.")
  private @Nullable String id;

  @Option(
      names = "--before",
      paramLabel = "TIME",
      converter = Moment.class,
      description = "Only what was kept before: " + Moment.FORMS + ".")
  private @Nullable Instant before;

  @Option(names = "--all", description = "All of them.")
  private boolean all;

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    int ways = (id == null ? 0 : 1) + (before == null ? 0 : 1) + (all ? 1 : 0);
    if (ways != 1) {
      throw VerbException.misuse("say which: a REQUEST_ID, --before TIME, or --all");
    }
    return edge.print(edge.client().delete(path()), CollectDeleteCommand::render);
  }

  private String path() {
    var texts = EdgePath.of("/api/collect");
    return (id == null
            ? texts.with("all", all ? true : null).with("before", before)
            : texts.part(id))
        .text();
  }

  static String render(JsonNode answer) {
    return "deleted: " + Json.text(answer, "deleted") + System.lineSeparator();
  }
}
