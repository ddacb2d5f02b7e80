package org.brokecluster.coordinator.routing.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.shared.hardware.ModelSize;
import org.jspecify.annotations.Nullable;

/**
 * Skills of models that were measured on public data, and what follows from them for others: one of
 * the same series is moved along by its number of weights, one of an unknown series is placed by
 * that number alone, and one of unknown size by its tier. Pure and thread safe.
 */
public final class SkillTable {
  /** Skill that comes with twice the weights, where the data cannot tell. */
  private static final double PER_DOUBLING = 0.3;

  private static final double REFERENCE = 8e9;
  private static final double LOWEST = -2;
  private static final double HIGHEST = 1.6;
  private static final String PREFIX = "skill:";
  private static final Pattern SERIES =
      Pattern.compile(
          "(?<![a-z])(codegemma|codellama|code-llama|mixtral|mistral|llama|qwen|gemma|phi|yi|gpt-oss|deepseek|nemotron)(?:[-_"
              + " ]?v?(\\d+(?:\\.\\d+)?)(?![\\d.]*[bmx]))?");

  private final List<Measured> measured;
  private final double[] base;

  private SkillTable(List<Measured> measured, double[] base) {
    this.measured = measured;
    this.base = base;
  }

  /** A model that was measured. */
  private static final class Measured {
    private final String series;
    private final double doublings;
    private final double[] skill;

    private Measured(String series, double doublings, double[] skill) {
      this.series = series;
      this.doublings = doublings;
      this.skill = skill;
    }
  }

  /** The table in a model file: figures {@code skill:NAME} and {@code skill}. */
  public static SkillTable of(LinearModel model) {
    var measured = new ArrayList<Measured>();
    for (var name : model.figureNames()) {
      var skill = model.figures(name);
      var parameters = parameters(name, null);
      if (name.startsWith(PREFIX) && skill.length == 3 && parameters > 0) {
        var series = series(name.substring(PREFIX.length()));
        series.ifPresent(each -> measured.add(new Measured(each, doublings(parameters), skill)));
      }
    }
    var base = model.figures("skill");
    return new SkillTable(measured, base.length == 3 ? base : new double[3]);
  }

  /** The skill of a model. */
  public ModelSkill of(ModelFacts facts) {
    double parameters = parameters(facts.id().value(), facts.parameters());
    boolean sized = parameters > 0;
    double doublings = doublings(sized ? parameters : typical(facts.tier()));
    var skill = base.clone();
    for (int i = 0; i < skill.length; i++) {
      skill[i] += PER_DOUBLING * doublings;
    }
    var series = sized ? series(facts.id().value()) : Optional.<String>empty();
    for (int i = 0; i < skill.length; i++) {
      var nearest = series.isPresent() ? nearest(series.get(), doublings, i) : null;
      if (nearest != null) {
        skill[i] = nearest.skill[i] + PER_DOUBLING * (doublings - nearest.doublings);
      }
    }
    return new ModelSkill(bounded(skill[0]), bounded(skill[1]), bounded(skill[2]), sized);
  }

  /** The model of the series nearest in size for which this skill was measured. */
  private @Nullable Measured nearest(String series, double doublings, int which) {
    Measured nearest = null;
    double least = Double.POSITIVE_INFINITY;
    for (var each : measured) {
      double distance = Math.abs(each.doublings - doublings);
      boolean fits = series.equals(each.series) && !Double.isNaN(each.skill[which]);
      if (fits && distance < least) {
        least = distance;
        nearest = each;
      }
    }
    return nearest;
  }

  /** Series and version, such as {@code qwen 2.5}; the maker and what follows do not matter. */
  static Optional<String> series(String name) {
    var match = SERIES.matcher(name.toLowerCase(Locale.ROOT));
    return match.find()
        ? Optional.of(match.group(1) + " " + (match.group(2) == null ? "" : match.group(2)))
        : Optional.empty();
  }

  private static double parameters(String name, @Nullable Long reported) {
    if (reported != null && reported > 0) {
      return reported;
    }
    var stated = ModelSize.parametersIn(name);
    boolean mini = name.toLowerCase(Locale.ROOT).contains("phi-3") && name.contains("mini");
    return stated.map(Long::doubleValue).orElse(mini ? 3.8e9 : 0.0);
  }

  private static double typical(Tier tier) {
    return switch (tier) {
      case BASIC -> 3.5e9;
      case BALANCED -> 12e9;
      case PREMIUM -> 40e9;
    };
  }

  private static double doublings(double parameters) {
    return Math.log(parameters / REFERENCE) / Math.log(2);
  }

  private static double bounded(double skill) {
    return Math.max(LOWEST, Math.min(HIGHEST, skill));
  }
}
