package org.brokecluster.coordinator.whatif;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.brokecluster.coordinator.history.Supposition;
import org.brokecluster.coordinator.history.event.NodeOffer;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.protocol.history.WhatIf;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.shared.config.KeyCheck;
import org.brokecluster.shared.config.SettingsReader;
import org.jspecify.annotations.Nullable;

/**
 * Answers what-if questions: plays the recorded requests twice through the router's core, once as
 * it was and once otherwise. The first shows how far the replay can be believed.
 */
public final class WhatIfReplay implements Supposition {
  private static final String ROUTER = "broke.router.";
  private static final ConfigParseOptions JSON =
      ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON).setOriginDescription("replay");

  private final Supplier<Config> config;
  private final Supplier<Map<NodeId, NodeOffer>> present;

  /**
   * With what it may need besides the events.
   *
   * @param config the configuration in force
   * @param present what the nodes can do now, for events that do not tell
   */
  public WhatIfReplay(Supplier<Config> config, Supplier<Map<NodeId, NodeOffer>> present) {
    this.config = config;
    this.present = present;
  }

  @Override
  public Hearing begin(WhatIf order) {
    var now = settings(config.get());
    var other = settings(changed(order.settings()));
    var known = Strategies.of(other.strategies(), Strategies.plugins());
    if (order.strategy() != null && known.find(order.strategy()).isEmpty()) {
      throw new IllegalArgumentException(
          "there is no strategy \"%s\"; known are %s"
              .formatted(order.strategy(), String.join(", ", known.names())));
    }
    var machines = AddedMachine.all(order.add());
    var from = order.from() == null ? 0 : order.from().toEpochMilli();
    var recording = new Recording(from, present.get(), now.tuning().streamSlowdown());
    return new Hearing() {
      @Override
      public void event(RoutingEvent event) {
        recording.take(event);
      }

      @Override
      public String answer() {
        return compared(order, recording, now, other, machines).toString();
      }
    };
  }

  private static ObjectNode compared(
      WhatIf order,
      Recording recording,
      RouterSettings now,
      RouterSettings other,
      List<AddedMachine> machines) {
    var requests = recording.requests.values();
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("no request is recorded in that time");
    }
    if (recording.fleet.stream().noneMatch(change -> change.offer() != null)) {
      throw new IllegalArgumentException(
          "the history of that time does not tell what the nodes could do");
    }
    var without = Set.copyOf(order.without());
    refuseUnknown(recording, without);
    var reproduced = play(recording, now, null, Set.of(), List.of());
    var supposed = play(recording, other, order.strategy(), without, machines);
    var json = JsonNodeFactory.instance.objectNode();
    json.put("from", String.valueOf(order.from()));
    json.put("to", String.valueOf(order.to()));
    json.put("requests", requests.size());
    json.put("truncated", recording.truncated);
    json.set("validation", Comparison.validation(requests, reproduced));
    json.set("change", change(order));
    var notes = json.putArray("notes");
    notes(recording).forEach(notes::add);
    json.set("recorded", Comparison.recorded(requests));
    json.set("reproduced", Comparison.played(requests, reproduced));
    json.set("supposed", Comparison.played(requests, supposed));
    return json;
  }

  private static void refuseUnknown(Recording recording, Set<String> without) {
    var known =
        recording.fleet.stream()
            .map(change -> change.node().value())
            .collect(Collectors.toCollection(TreeSet::new));
    for (var name : without) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "there was no node %s; there were %s".formatted(name, String.join(", ", known)));
      }
    }
  }

  private static List<String> notes(Recording recording) {
    var notes = new ArrayList<String>();
    if (recording.truncated) {
      notes.add("only the first %d requests are played".formatted(Recording.REQUESTS_MAX));
    }
    if (!recording.unknownNodes.isEmpty()) {
      notes.add(
          "left out, because nobody knows what they could do: "
              + String.join(", ", recording.unknownNodes));
    }
    notes.add("failures are not played: an answer that broke runs through in a replay");
    notes.add("an answer has as many tokens as it had, whichever model makes it");
    return notes;
  }

  private static Map<String, Played> play(
      Recording recording,
      RouterSettings settings,
      @Nullable String strategy,
      Set<String> without,
      List<AddedMachine> machines) {
    var before = recording.strategies.floorEntry(recording.fromMs);
    var first = before == null ? recording.strategies.firstEntry() : before;
    var initial =
        strategy != null ? strategy : first == null ? settings.strategy() : first.getValue();
    var stage = new Stage(settings, initial, recording.corrections, recording.fromMs);
    var fleet = new LinkedHashMap<NodeId, NodeOffer>();
    for (var change : recording.fleet) {
      if (!without.contains(change.node().value())) {
        stage.change(change);
      }
      if (change.offer() != null) {
        fleet.putIfAbsent(change.node(), change.offer());
      }
    }
    machines.forEach(machine -> stage.change(machine.arrival(recording.fromMs, fleet)));
    if (strategy == null) {
      recording.strategies.tailMap(recording.fromMs, false).forEach(stage::strategy);
    }
    recording.learned.forEach(stage::learned);
    recording.requests.values().forEach(stage::arrive);
    return stage.play();
  }

  private static ObjectNode change(WhatIf order) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("strategy", order.strategy());
    var set = json.putObject("set");
    order.settings().forEach(each -> set.put(each.key(), each.value()));
    var without = json.putArray("without");
    order.without().forEach(without::add);
    var add = json.putArray("add");
    order.add().forEach(add::add);
    return json;
  }

  private Config changed(List<WhatIf.Setting> settings) {
    var changes = ConfigFactory.empty();
    try {
      for (var each : settings) {
        var path = each.key().startsWith(ROUTER) ? each.key() : ROUTER + each.key();
        changes = changes.withValue(path, value(each.value()));
      }
    } catch (ConfigException e) {
      throw new IllegalArgumentException("not a setting: " + e.getMessage(), e);
    }
    var problems = KeyCheck.problems(changes);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return changes.withFallback(config.get());
  }

  /**
   * A single value, or a list or section as JSON: with a setting nobody may look into the files,
   * the environment or the other settings of this machine.
   */
  private static ConfigValue value(String text) {
    return text.startsWith("[") || text.startsWith("{")
        ? ConfigFactory.parseString("{\"value\":" + text + "}", JSON).getValue("value")
        : ConfigValueFactory.fromAnyRef(text, "replay");
  }

  private static RouterSettings settings(Config config) {
    var reader = new SettingsReader(config);
    var settings = RouterSettings.from(reader);
    if (!reader.problems().isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", reader.problems()));
    }
    return settings;
  }
}
