package org.brokecluster.training;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.brokecluster.coordinator.routing.model.LinearModel;
import org.brokecluster.coordinator.routing.model.PromptFeatures;

/**
 * Samples as rows of a sparse matrix, and the heads that fit figures of them. The fits are those of
 * liblinear: ridge regression as its L2-regularised support vector regression without tolerance,
 * and logistic regression, both in the primal and without chance.
 */
final class Matrix {
  /** How much the shape of a text counts against its words. */
  private static final double SHAPE = 0.08;

  private static final double CONSTANT = 3;
  private static final double CERTAIN = 12;
  private static final double PRECISION = 1e-3;

  private final LinearModel.Space space;
  private final Feature[][] rows;
  private final int columns;

  private Matrix(LinearModel.Space space, Feature[][] rows, int columns) {
    this.space = space;
    this.rows = rows;
    this.columns = columns;
  }

  /** The matrix of these samples. */
  static Matrix of(LinearModel.Space space, List<Sample> samples) {
    int columns = space.columns() + 1;
    var rows =
        samples.parallelStream()
            .map(sample -> row(space, sample.features(), columns))
            .toArray(Feature[][]::new);
    return new Matrix(space, rows, columns);
  }

  private static Feature[] row(LinearModel.Space space, PromptFeatures features, int columns) {
    var nodes = new ArrayList<Feature>();
    space.forEach(
        features,
        (column, value) -> {
          double scaled = column < PromptFeatures.BUCKETS ? value : SHAPE * value;
          nodes.add(new FeatureNode(column + 1, scaled));
        });
    nodes.add(new FeatureNode(columns, CONSTANT));
    nodes.sort((a, b) -> Integer.compare(a.getIndex(), b.getIndex()));
    return nodes.toArray(Feature[]::new);
  }

  /** The rows of some samples only. */
  Matrix rows(int[] which) {
    var some = Arrays.stream(which).mapToObj(i -> rows[i]).toArray(Feature[][]::new);
    return new Matrix(space, some, columns);
  }

  /**
   * With one more column: what a head says of each row.
   *
   * @param weight how much it counts against the words
   */
  Matrix with(LinearModel.Head head, double mean, double deviation, double weight) {
    var wider = new Feature[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      wider[i] = Arrays.copyOf(rows[i], rows[i].length + 1);
      double score = (value(head, rows[i]) - mean) / deviation;
      wider[i][rows[i].length] = new FeatureNode(columns + 1, weight * score);
    }
    return new Matrix(space, wider, columns + 1);
  }

  /** What a head says of every row. */
  double[] values(LinearModel.Head head) {
    return Arrays.stream(rows).mapToDouble(row -> value(head, row)).toArray();
  }

  private double value(LinearModel.Head head, Feature[] row) {
    double sum = head.bias();
    for (var node : row) {
      int column = node.getIndex() - 1;
      if (column < PromptFeatures.BUCKETS) {
        sum += node.getValue() * head.words()[column];
      } else if (column < space.columns()) {
        sum += node.getValue() / SHAPE * head.shapes()[column - PromptFeatures.BUCKETS];
      }
    }
    return sum;
  }

  /** Least squares with a penalty of {@code alpha} times the square of the weights. */
  LinearModel.Head ridge(String name, double[] y, double alpha) {
    return head(name, ridgeWeights(y, alpha), mean(y));
  }

  /** Weights of {@link #ridge} for every column; the constant is the mean of y besides. */
  double[] ridgeWeights(double[] y, double alpha) {
    double mean = mean(y);
    var centred = Arrays.stream(y).map(each -> each - mean).toArray();
    return train(centred, new Parameter(SolverType.L2R_L2LOSS_SVR, 0.5 / alpha, PRECISION, 0));
  }

  /**
   * Log odds of being one of the positive rows; without words where all rows are alike.
   *
   * @param positiveWeight how much a positive row counts against another one
   */
  LinearModel.Head logistic(String name, boolean[] positive, double cost, double positiveWeight) {
    var y = new double[positive.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = positive[i] ? 1 : -1;
    }
    long positives = Arrays.stream(y).filter(each -> each > 0).count();
    if (positives == 0 || positives == y.length) {
      return head(name, new double[columns], positives == 0 ? -CERTAIN : CERTAIN);
    }
    var parameter = new Parameter(SolverType.L2R_LR, cost, 10 * PRECISION);
    parameter.setWeights(new double[] {positiveWeight, 1}, new int[] {1, -1});
    return head(name, train(y, parameter), 0);
  }

  private double[] train(double[] y, Parameter parameter) {
    Linear.disableDebugOutput();
    var problem = new Problem();
    problem.l = rows.length;
    problem.n = columns;
    problem.x = rows;
    problem.y = y;
    problem.bias = -1;
    var model = Linear.train(problem, parameter);
    var weights = model.getFeatureWeights();
    boolean logistic = parameter.getSolverType() == SolverType.L2R_LR;
    boolean turned = logistic && model.getLabels()[0] == -1;
    return turned ? Arrays.stream(weights).map(each -> -each).toArray() : weights;
  }

  private LinearModel.Head head(String name, double[] weights, double mean) {
    var words = new float[PromptFeatures.BUCKETS];
    var shapes = new float[space.columns() - PromptFeatures.BUCKETS];
    for (int column = 0; column < space.columns(); column++) {
      if (column < words.length) {
        words[column] = (float) weights[column];
      } else {
        shapes[column - words.length] = (float) (weights[column] * SHAPE);
      }
    }
    return new LinearModel.Head(name, mean + weights[space.columns()] * CONSTANT, words, shapes);
  }

  /**
   * Ridge regression that may also use what a head says, with that head folded into the result.
   *
   * @param helper head whose standardised value is one more column
   * @param weight how much that column counts against the words
   */
  LinearModel.Head ridgeWith(
      String name,
      double[] y,
      double alpha,
      LinearModel.Head helper,
      double mean,
      double deviation,
      double weight) {
    var weights = with(helper, mean, deviation, weight).ridgeWeights(y, alpha);
    var own = head(name, weights, mean(y));
    double factor = weights[columns] * weight / deviation;
    var words = own.words();
    var shapes = own.shapes();
    for (int i = 0; i < words.length; i++) {
      words[i] += (float) (factor * helper.words()[i]);
    }
    for (int i = 0; i < shapes.length; i++) {
      shapes[i] += (float) (factor * helper.shapes()[i]);
    }
    double bias = own.bias() + factor * (helper.bias() - mean);
    return new LinearModel.Head(name, bias, words, shapes);
  }

  private static double mean(double[] y) {
    return Arrays.stream(y).average().orElse(0);
  }
}
