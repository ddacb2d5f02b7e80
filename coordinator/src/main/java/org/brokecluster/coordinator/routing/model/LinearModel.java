package org.brokecluster.coordinator.routing.model;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Weighted sums of {@link PromptFeatures}, several at once: each <em>head</em> is one sum and has a
 * name. Words count by TF-IDF in a vector of length 1, shape by its distance from the mean. Weights
 * of words are kept as one byte each, with a scale per head. Immutable and thread safe.
 */
public final class LinearModel {
  private static final long MAGIC = 0x42524f4b454d3032L; // "BROKEM02"
  private static final int IDF_STEPS = 16;
  private static final float SHAPE_MAX = 4;

  /** Rarity of a bucket from which on its words are hardly known. */
  private static final float RARE = 7;

  private static final int HEADS_MAX = 512;
  private static final int FIGURES_MAX = 1 << 16;

  private final List<String> heads;
  private final float[] idf;
  private final float[] mean;
  private final float[] deviation;
  private final float[] bias;
  private final float[] scale;
  private final byte[] words;
  private final float[] shapes;
  private final Map<String, double[]> figures;

  private LinearModel(
      List<String> heads,
      float[] idf,
      float[] mean,
      float[] deviation,
      float[] bias,
      float[] scale,
      byte[] words,
      float[] shapes,
      Map<String, double[]> figures) {
    this.heads = heads;
    this.idf = idf;
    this.mean = mean;
    this.deviation = deviation;
    this.bias = bias;
    this.scale = scale;
    this.words = words;
    this.shapes = shapes;
    this.figures = figures;
  }

  /**
   * One head as it was learned.
   *
   * @param words weight of each bucket
   * @param shapes weight of each figure of the shape
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier of many numbers that nobody compares
  public record Head(String name, double bias, float[] words, float[] shapes) {
    /**
     * The same, drawn towards a figure.
     *
     * @param share of the distance from it that remains, 0 to 1
     */
    public Head towards(double figure, double share) {
      return new Head(
          name, figure + share * (bias - figure), scaled(words, share), scaled(shapes, share));
    }

    private static float[] scaled(float[] weights, double factor) {
      var scaled = new float[weights.length];
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] = (float) (weights[i] * factor);
      }
      return scaled;
    }
  }

  /** How features become a vector, before any weight is known. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier of many numbers that nobody compares
  public record Space(float[] idf, float[] mean, float[] deviation) {
    /** Rarity of each bucket and spread of each figure among these texts. */
    public static Space of(List<PromptFeatures> texts) {
      var idf = new float[PromptFeatures.BUCKETS];
      var mean = new float[ShapeFeatures.COUNT];
      var deviation = new float[ShapeFeatures.COUNT];
      for (var text : texts) {
        for (int bucket : text.buckets()) {
          idf[bucket]++;
        }
      }
      for (int bucket = 0; bucket < idf.length; bucket++) {
        double rarity = Math.log((1.0 + texts.size()) / (1 + idf[bucket])) + 1;
        idf[bucket] = (float) Math.round(rarity * IDF_STEPS) / IDF_STEPS;
      }
      for (int figure = 0; figure < mean.length; figure++) {
        double sum = 0;
        double squares = 0;
        for (var text : texts) {
          sum += text.shape()[figure];
          squares += (double) text.shape()[figure] * text.shape()[figure];
        }
        mean[figure] = (float) (sum / texts.size());
        double variance = squares / texts.size() - (double) mean[figure] * mean[figure];
        deviation[figure] = (float) Math.max(1e-3, Math.sqrt(Math.max(0, variance)));
      }
      return new Space(idf, mean, deviation);
    }

    /** Weights of the words of a text, in the order of its buckets: a vector of length 1. */
    float[] words(PromptFeatures text) {
      return vector(idf, text);
    }

    /** Figures of its shape, as distances from the mean. */
    float[] shape(PromptFeatures text) {
      return distances(mean, deviation, text);
    }

    /** Calls back for each word that is not 0, then for each figure behind the buckets. */
    public void forEach(PromptFeatures text, Entry entry) {
      var vector = words(text);
      for (int i = 0; i < vector.length; i++) {
        entry.at(text.buckets()[i], vector[i]);
      }
      var shape = shape(text);
      for (int i = 0; i < shape.length; i++) {
        entry.at(PromptFeatures.BUCKETS + i, shape[i]);
      }
    }

    /** Number of columns: buckets and figures. */
    public int columns() {
      return PromptFeatures.BUCKETS + mean.length;
    }
  }

  /** Takes one figure of a vector. */
  public interface Entry {
    /** The figure in this column. */
    void at(int column, float value);
  }

  /**
   * Packs heads that were learned.
   *
   * @param figures further figures by name, such as spreads
   */
  public static LinearModel of(Space space, List<Head> learned, Map<String, double[]> figures) {
    int count = learned.size();
    var bias = new float[count];
    var scale = new float[count];
    var words = new byte[PromptFeatures.BUCKETS * count];
    var shapes = new float[ShapeFeatures.COUNT * count];
    var names = new ArrayList<String>();
    for (int h = 0; h < count; h++) {
      var head = learned.get(h);
      names.add(head.name());
      float largest = 1e-9f;
      for (float weight : head.words()) {
        largest = Math.max(largest, Math.abs(weight));
      }
      bias[h] = (float) head.bias();
      scale[h] = largest / 127;
      for (int bucket = 0; bucket < PromptFeatures.BUCKETS; bucket++) {
        words[bucket * count + h] = (byte) Math.round(head.words()[bucket] / scale[h]);
      }
      for (int figure = 0; figure < ShapeFeatures.COUNT; figure++) {
        shapes[figure * count + h] = head.shapes()[figure];
      }
    }
    return new LinearModel(
        List.copyOf(names),
        space.idf(),
        space.mean(),
        space.deviation(),
        bias,
        scale,
        words,
        shapes,
        new LinkedHashMap<>(figures));
  }

  /** Names of the heads, in the order of {@link #scores}. */
  public List<String> heads() {
    return heads;
  }

  /** Names of all further figures. */
  public List<String> figureNames() {
    return List.copyOf(figures.keySet());
  }

  /** The same with further figures. */
  public LinearModel with(Map<String, double[]> more) {
    var all = new LinkedHashMap<>(figures);
    all.putAll(more);
    return new LinearModel(heads, idf, mean, deviation, bias, scale, words, shapes, all);
  }

  /** Further figures by this name; empty if there are none. */
  public double[] figures(String name) {
    var found = figures.get(name);
    return found == null ? new double[0] : found.clone();
  }

  /** The sum of every head for a text. */
  public double[] scores(PromptFeatures text) {
    int count = heads.size();
    var sums = new float[count];
    var vector = vector(idf, text);
    var buckets = text.buckets();
    for (int i = 0; i < vector.length; i++) {
      int at = buckets[i] * count;
      float value = vector[i];
      for (int h = 0; h < count; h++) {
        sums[h] += value * words[at + h];
      }
    }
    var distances = distances(mean, deviation, text);
    var scores = new double[count];
    for (int h = 0; h < count; h++) {
      double score = bias[h] + (double) sums[h] * scale[h];
      for (int figure = 0; figure < distances.length; figure++) {
        score += (double) distances[figure] * shapes[figure * count + h];
      }
      scores[h] = score;
    }
    return scores;
  }

  /**
   * Share of a text's words that stand in many of the texts learned from, 0 to 1; 1 if it has none.
   * Words of another language share their buckets with rare pairs of words, and count as unknown.
   */
  public double familiar(PromptFeatures text) {
    int known = 0;
    for (int bucket : text.words()) {
      known += bucket != PromptFeatures.UNKNOWN && idf[bucket] < RARE ? 1 : 0;
    }
    return text.words().length == 0 ? 1 : (double) known / text.words().length;
  }

  private static float[] vector(float[] idf, PromptFeatures text) {
    var buckets = text.buckets();
    var vector = new float[buckets.length];
    double squares = 0;
    for (int i = 0; i < vector.length; i++) {
      vector[i] = text.weights()[i] * idf[buckets[i]];
      squares += (double) vector[i] * vector[i];
    }
    float norm = (float) Math.max(1e-6, Math.sqrt(squares));
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= norm;
    }
    return vector;
  }

  private static float[] distances(float[] mean, float[] deviation, PromptFeatures text) {
    var distances = new float[mean.length];
    for (int i = 0; i < distances.length; i++) {
      float distance = (text.shape()[i] - mean[i]) / deviation[i];
      distances[i] = Math.max(-SHAPE_MAX, Math.min(SHAPE_MAX, distance));
    }
    return distances;
  }

  /** Writes it as a file that {@link #read} understands. */
  public void write(OutputStream file) throws IOException {
    try (var out = new DataOutputStream(new GZIPOutputStream(file))) {
      out.writeLong(MAGIC);
      out.writeInt(PromptFeatures.BUCKETS);
      out.writeInt(ShapeFeatures.COUNT);
      out.writeInt(heads.size());
      for (var name : heads) {
        out.writeUTF(name);
      }
      for (float rarity : idf) {
        out.writeByte(Math.round(rarity * IDF_STEPS));
      }
      for (var figure : List.of(mean, deviation, bias, scale, shapes)) {
        for (float each : figure) {
          out.writeFloat(each);
        }
      }
      out.write(words);
      out.writeInt(figures.size());
      for (var entry : figures.entrySet()) {
        out.writeUTF(entry.getKey());
        out.writeInt(entry.getValue().length);
        for (double each : entry.getValue()) {
          out.writeDouble(each);
        }
      }
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, is damaged, or belongs to another version
   */
  public static LinearModel read(InputStream file) throws IOException {
    try (var in = new DataInputStream(new GZIPInputStream(file))) {
      boolean ours =
          in.readLong() == MAGIC
              && in.readInt() == PromptFeatures.BUCKETS
              && in.readInt() == ShapeFeatures.COUNT;
      int count = ours ? in.readInt() : 0;
      if (count < 1 || count > HEADS_MAX) {
        throw new IOException("not a model of this version; train it again");
      }
      var names = new ArrayList<String>();
      for (int h = 0; h < count; h++) {
        names.add(in.readUTF());
      }
      var idf = new float[PromptFeatures.BUCKETS];
      for (int bucket = 0; bucket < idf.length; bucket++) {
        idf[bucket] = (float) in.readUnsignedByte() / IDF_STEPS;
      }
      var mean = floats(in, ShapeFeatures.COUNT);
      var deviation = floats(in, ShapeFeatures.COUNT);
      var bias = floats(in, count);
      var scale = floats(in, count);
      var shapes = floats(in, ShapeFeatures.COUNT * count);
      var words = new byte[PromptFeatures.BUCKETS * count];
      in.readFully(words);
      return new LinearModel(
          List.copyOf(names), idf, mean, deviation, bias, scale, words, shapes, readFigures(in));
    }
  }

  private static float[] floats(DataInputStream in, int count) throws IOException {
    var floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = in.readFloat();
    }
    return floats;
  }

  private static Map<String, double[]> readFigures(DataInputStream in) throws IOException {
    var figures = new LinkedHashMap<String, double[]>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      var name = in.readUTF();
      int length = in.readInt();
      if (length < 0 || length > FIGURES_MAX) {
        throw new IOException("damaged model: " + length + " figures of " + name);
      }
      var values = new double[length];
      for (int each = 0; each < length; each++) {
        values[each] = in.readDouble();
      }
      figures.put(name, values);
    }
    return figures;
  }
}
