package org.brokecluster.coordinator.routing;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.brokecluster.coordinator.routing.ask.Selection;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.Wishes;
import org.brokecluster.shared.config.SettingsReader;
import org.jspecify.annotations.Nullable;

/**
 * The {@code broke.router.roles} section: what agents of a role get where their calls leave it
 * open.
 *
 * @param byRole by the role in small letters
 */
public record RoleSettings(Map<String, Role> byRole) {
  private static final String ROOT = "broke.router.roles";
  private static final int ROLES_MAX = 100;
  private static final Set<String> FIELDS = Set.of("tier", "model", "strategy");

  /** Copies the map. */
  public RoleSettings {
    byRole = Map.copyOf(byRole);
  }

  /** What one role gets; absent is left to the router. */
  public record Role(@Nullable Tier tier, @Nullable String model, @Nullable String strategy) {}

  /** Reads and checks the section. */
  public static RoleSettings from(SettingsReader reader, Strategies strategies) {
    var roles = new TreeMap<String, Role>();
    var names = reader.entries(ROOT);
    if (names.size() > ROLES_MAX) {
      reader.problem(ROOT, "must be at most " + ROLES_MAX);
    }
    for (var name : names) {
      var key = ROOT + ".\"" + name + "\"";
      var given = reader.entries(key);
      var unknown = new TreeSet<>(given);
      unknown.removeAll(FIELDS);
      if (!unknown.isEmpty()) {
        reader.problem(key, "unknown: " + unknown + ", known: tier, model, strategy");
      }
      var strategy = given.contains("strategy") ? reader.text(key + ".strategy") : null;
      if (strategy != null && strategies.find(strategy).isEmpty()) {
        reader.problem(
            key + ".strategy", "no such strategy: " + strategy + ", known: " + strategies.names());
      }
      roles.put(
          name.toLowerCase(Locale.ROOT),
          new Role(
              given.contains("tier") ? tier(reader, key + ".tier") : null,
              given.contains("model") ? reader.text(key + ".model") : null,
              strategy));
    }
    return new RoleSettings(roles);
  }

  private static @Nullable Tier tier(SettingsReader reader, String key) {
    var label = reader.text(key);
    var tier = Tier.parse(label).orElse(null);
    if (tier == null) {
      reader.problem(key, "must be basic, balanced or premium: " + label);
    }
    return tier;
  }

  /** The facts with what the role of the call fills in. */
  RequestFacts applied(RequestFacts facts) {
    var wishes = facts.wishes();
    var name = wishes.role();
    var role = name == null ? null : byRole.get(name.strip().toLowerCase(Locale.ROOT));
    if (role == null) {
      return facts;
    }
    boolean open = facts.model().isEmpty() || facts.model().equals(Selection.AUTO);
    boolean named = open && wishes.tier() == null && role.model() != null;
    var filled =
        new Wishes(
            wishes.strategy() == null ? role.strategy() : wishes.strategy(),
            wishes.tier() == null && open ? role.tier() : wishes.tier(),
            wishes.node(),
            wishes.action(),
            wishes.role(),
            wishes.framework(),
            wishes.depth(),
            wishes.priorScore(),
            wishes.session(),
            wishes.user(),
            wishes.trafficClass(),
            wishes.fallbacks());
    return named ? facts.with(filled).asking(role.model()) : facts.with(filled);
  }
}
