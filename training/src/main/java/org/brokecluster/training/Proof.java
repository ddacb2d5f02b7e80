package org.brokecluster.training;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * Writes the questions that the model is never trained on, as features without text and with the
 * scores of the models that answered, for the test that its risks hold. The format, gzipped:
 *
 * <pre>
 * int samples, then each: string data set, features, int answers, then each: string model, float score
 * </pre>
 */
final class Proof {
  private Proof() {}

  /** Writes those of all samples that are held back and were answered; closes the file. */
  static void write(List<Sample> samples, OutputStream file) throws IOException {
    var held =
        samples.stream()
            .filter(sample -> sample.row().proof() && !sample.row().contaminated())
            .filter(sample -> !scores(sample).isEmpty())
            .toList();
    try (var out = new DataOutputStream(new GZIPOutputStream(file))) {
      out.writeInt(held.size());
      for (var sample : held) {
        out.writeUTF(sample.row().dataset());
        sample.features().write(out);
        var scores = scores(sample);
        out.writeInt(scores.size());
        for (var each : scores.entrySet()) {
          out.writeUTF(each.getKey());
          out.writeFloat(each.getValue().floatValue());
        }
      }
    }
  }

  /** By the name of the model; the weak one of a routed pair is the mixtral. */
  static Map<String, Double> scores(Sample sample) {
    var scores = new TreeMap<>(sample.row().scores());
    double weak = sample.row().weak();
    if (!Double.isNaN(weak) && weak <= 1) {
      scores.put("mixtral-8x7b", weak);
    }
    return scores;
  }
}
