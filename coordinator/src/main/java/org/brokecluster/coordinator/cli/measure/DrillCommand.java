package org.brokecluster.coordinator.cli.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.brokecluster.coordinator.cli.client.EdgeClient;
import org.brokecluster.coordinator.cli.client.EdgeFlags;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.ProgressLine;
import org.brokecluster.protocol.node.DrillKind;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.VerbException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./broke drill}: plays a fault on purpose and tells what every request experienced. */
@Command(
    name = "drill",
    description = {
      "Play a fault on a machine, for some seconds, and tell what every request experienced.",
      "",
      "  ./broke drill kill studio-m1             as if its process had been killed",
      "  ./broke drill pause studio-m1            as if a lid had been closed",
      "  ./broke drill partition studio-m1        as if its cable had been pulled",
      "  ./broke drill slow studio-m1             as if it were hot",
      "",
      "Before, during and after it, streams of one model are asked for on all machines. The"
          + " machine is itself again when the time is over, whatever becomes of this command."
          + " Only machines that are willing take part: simulated ones are (try it with ./broke"
          + " demo), others if their cluster.conf says broke.node.drill.allowed = true. Exit code"
          + " 1 if a request failed.",
      ""
    },
    sortOptions = false)
final class DrillCommand implements Callable<Integer> {
  private static final int LAST_ANSWERS_S = 120;

  @Parameters(index = "0", paramLabel = "FAULT", description = "kill, pause, slow or partition.")
  private String fault = "";

  @Parameters(
      index = "1",
      paramLabel = "NODE",
      description = "Name of the machine; see ./broke nodes.")
  private String node = "";

  @Option(names = "--seconds", paramLabel = "N", description = "How long it lasts. Default: 10.")
  private int seconds = 10;

  @Option(
      names = "--around",
      paramLabel = "N",
      description = "Seconds that are watched before and after it. Default: 8.")
  private int around = 8;

  @Option(names = "--streams", paramLabel = "N", description = "Streams at a time. Default: 6.")
  private int streams = 6;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "Model that is asked. Default: a loaded one that most machines have.")
  private @Nullable String model;

  @Option(names = "--tokens", paramLabel = "N", description = "Length of answers. Default: 150.")
  private int tokens = 150;

  @Mixin private EdgeFlags edge;

  @Override
  public Integer call() {
    var kind =
        DrillKind.parse(fault)
            .orElseThrow(() -> VerbException.misuse("the fault is kill, pause, slow or partition"));
    check();
    var client = edge.client();
    var asked = model == null ? DrillModel.pick(client.get("/api/nodes"), node) : model;
    var progress = ProgressLine.on(edge.err());
    var load = new DrillLoad(client, asked, tokens);
    load.start(streams);
    progress.show("watching %s for %d s before the drill".formatted(asked, around));
    pause(around);
    long began = System.nanoTime();
    var order = order(client, kind);
    progress.show("%s: %s for %d s".formatted(node, kind.label(), seconds));
    pause(seconds);
    long ended = System.nanoTime();
    progress.show("watching for %d s after the drill".formatted(around));
    pause(around);
    progress.show("waiting for the last answers");
    var report = new DrillReport(load.finish(LAST_ANSWERS_S), node, began, ended);
    progress.clear();
    edge.print(told(report, kind, asked, order), DrillReport::render);
    return report.failed() == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  private void check() {
    if (seconds < 1 || around < 1 || streams < 1 || tokens < 1) {
      throw VerbException.misuse("--seconds, --around, --streams and --tokens take 1 or more");
    }
    if (streams > 64 || tokens > 8192) {
      throw VerbException.misuse("--streams takes up to 64, --tokens up to 8192");
    }
  }

  private JsonNode order(EdgeClient client, DrillKind kind) {
    var body = Json.object().put("kind", kind.label()).put("seconds", seconds);
    var order = client.order(node, "drill", body);
    if (!Json.flag(order, "accepted")) {
      throw VerbException.failed(node + ": " + Json.text(order, "message"));
    }
    return order;
  }

  private ObjectNode told(DrillReport report, DrillKind kind, String asked, JsonNode order) {
    var json = Json.object().put("node", node).put("kind", kind.label()).put("seconds", seconds);
    json.put("model", asked);
    json.put(
        "happened", "%s: %s; asked was %s".formatted(node, Json.text(order, "message"), asked));
    json.setAll(report.json());
    return json;
  }

  private static void pause(int seconds) {
    try {
      boolean never = new CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
      if (never) {
        throw new IllegalStateException("nobody counts this down");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw VerbException.failed("interrupted; the machine is itself again when its time is over");
    }
  }
}
