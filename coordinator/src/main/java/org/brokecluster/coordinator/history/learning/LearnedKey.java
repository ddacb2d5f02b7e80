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

    /** Keys of a model from coarse to fine, all that a rating of this asker is counted at. */
    List<LearnedKey> keys(ModelId model) {
      var keys = new ArrayList<LearnedKey>(5);
      keys.add(everywhere(model));
      keys.add(onTopic(model));
      if (role != null) {
        keys.add(inRole(model));
        keys.add(ofInRole(model));
      }
      keys.add(of(model));
      return keys;
    }

    /** A model's, whatever it is asked. */
    LearnedKey everywhere(ModelId model) {
      return new LearnedKey(model, null, null, null);
    }

    /** A model's on the topic. */
    LearnedKey onTopic(ModelId model) {
      return new LearnedKey(model, topic, null, null);
    }

    /** The same in the role; that on the topic if there is no role. */
    LearnedKey inRole(ModelId model) {
      return new LearnedKey(model, topic, role, null);
    }

    /** The user's own key of a model, in whatever role. */
    LearnedKey of(ModelId model) {
      return new LearnedKey(model, topic, null, user);
    }

    /** What of that is in the role. */
    LearnedKey ofInRole(ModelId model) {
      return new LearnedKey(model, topic, role, user);
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
