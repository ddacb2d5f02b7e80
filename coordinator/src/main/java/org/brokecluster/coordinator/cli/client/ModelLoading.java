package org.brokecluster.coordinator.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.ProgressLine;
import org.brokecluster.shared.cli.VerbException;

/**
 * Has a model loaded on a machine and shows how that goes. The order is answered when the load is
 * done, or after a while as begun; either way it is watched until it is over.
 */
public final class ModelLoading {
  private static final long LOOK_MILLIS = 500;

  /** Ten hours: longer than any load, shorter than for ever. */
  private static final int LOOKS_MAX = 72_000;

  /** Some seconds: gossip takes less. */
  private static final int HEARING_LOOKS_MAX = 10;

  private final EdgeClient client;
  private final ProgressLine progress;

  /** Asks this edge, and shows how it goes on this line. */
  public ModelLoading(EdgeClient client, ProgressLine progress) {
    this.client = client;
    this.progress = progress;
  }

  /** What the machine answered in the end. */
  public JsonNode load(String node, String model) {
    var body = Json.object().put("model", model);
    var order =
        CompletableFuture.supplyAsync(
            () -> client.order(node, "models/load", body), task -> daemon(task).start());
    for (int look = 0; look < LOOKS_MAX; look++) {
      var answer = wait(order);
      if (answer.isPresent() && !Json.flag(answer.get(), "begun")) {
        progress.clear();
        return answer.get();
      }
      var state = state(node, model);
      if (answer.isPresent() && !Json.text(state, "state").equals("loading")) {
        progress.clear();
        return ended(node, model, state);
      }
      show(node, model, state);
    }
    throw VerbException.failed("still loading; see ./broke models");
  }

  /** The machine as the edge sees it once it has heard of the load, or after some seconds. */
  public JsonNode seen(String node, String model) {
    var machine = client.get(EdgePath.ofNode(node).text());
    for (int look = 0; look < HEARING_LOOKS_MAX && !loaded(machine, model); look++) {
      pause();
      machine = client.get(EdgePath.ofNode(node).text());
    }
    return machine;
  }

  private static boolean loaded(JsonNode machine, String model) {
    return Json.text(of(machine, model), "state").equals("loaded");
  }

  private static void pause() {
    new CompletableFuture<Void>()
        .completeOnTimeout(null, LOOK_MILLIS, TimeUnit.MILLISECONDS)
        .join();
  }

  private static Thread daemon(Runnable task) {
    var thread = new Thread(task, "load-order");
    thread.setDaemon(true);
    return thread;
  }

  /** The answer if there is one within the time between two looks. */
  private static Optional<JsonNode> wait(CompletableFuture<JsonNode> order) {
    boolean answered = order.isDone();
    try {
      if (answered) {
        // Still loading: the next look has to wait all the same.
        var begun = order.get();
        if (!Json.flag(begun, "begun")) {
          return Optional.of(begun);
        }
        pause();
        return Optional.of(begun);
      }
      return Optional.of(order.get(LOOK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw VerbException.failed("interrupted; the model goes on loading");
    } catch (ExecutionException | CompletionException e) {
      if (e.getCause() instanceof VerbException failure) {
        throw failure;
      }
      throw VerbException.failed("the order failed: " + e.getCause());
    }
  }

  private JsonNode state(String node, String model) {
    return of(client.get(EdgePath.ofNode(node).text()), model);
  }

  private static JsonNode of(JsonNode machine, String model) {
    return Json.list(machine.path("models")).stream()
        .filter(each -> Json.text(each, "id").equals(model))
        .findFirst()
        .orElseGet(Json::object);
  }

  private void show(String node, String model, JsonNode state) {
    var share = Json.percent(state, "progress");
    progress.show("%s: loading %s%s".formatted(node, model, share.equals("-") ? "" : " " + share));
  }

  private static JsonNode ended(String node, String model, JsonNode state) {
    boolean loaded = Json.text(state, "state").equals("loaded");
    var reason = Json.text(state, "reason");
    return Json.object()
        .put("accepted", loaded)
        .put("node", node)
        .put("message", loaded ? "loaded: model=" + model : "not loaded: " + reason);
  }
}
