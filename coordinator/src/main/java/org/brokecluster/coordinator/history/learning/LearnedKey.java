package org.brokecluster.coordinator.history.learning;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.router.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * What something was learned of; absent parts stand for all.
 *
 * @param user empty for people without a name
 */
record LearnedKey(
    @Nullable ModelId model, @Nullable Topic topic, @Nullable String role, @Nullable String user) {
  private static final int ROLE_MAX = 40;

  /** Who asks for what. */
  record Asker(Topic topic, @Nullable String role, String user) {
    static Asker of(RequestFacts facts) {
      var wishes = facts.wishes();
      var user = wishes.user();
      return new Asker(Topic.of(facts.profile()), role(wishes.role()), user == null ? "" : user);
    }

    private static @Nullable String role(@Nullable String given) {
      if (given == null) {
        return null;
      }
      var role = given.strip().toLowerCase(Locale.ROOT);
      return role.substring(0, Math.min(ROLE_MAX, role.length()));
    }

    /** Keys of a model from coarse to fine. */
    List<LearnedKey> keys(ModelId model) {
      var keys = new ArrayList<LearnedKey>(4);
      keys.add(new LearnedKey(model, null, null, null));
      keys.add(new LearnedKey(model, topic, null, null));
      if (role != null) {
        keys.add(new LearnedKey(model, topic, role, null));
      }
      keys.add(of(model));
      return keys;
    }

    /** The user's own key of a model. */
    LearnedKey of(ModelId model) {
      return new LearnedKey(model, topic, null, user);
    }

    /** How the user rates, whatever the model. */
    LearnedKey habit() {
      return new LearnedKey(null, null, null, user);
    }

    /** How answers on the topic end, whatever the model. */
    LearnedKey usual() {
      return new LearnedKey(null, topic, null, null);
    }
  }
}
