package org.brokecluster.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Trains the model from a folder of data, or measures the recipe. */
public final class TrainCommand {
  private static final String USAGE =
      """
      usage: train FOLDER FILE     trains with all that may be learned from, writes the model
             proof FOLDER FILE     writes the features and outcomes of what it never learns from
             measure FOLDER        figures of the recipe on what it was not trained with\
      """;

  private TrainCommand() {}

  /** Runs it; see the usage it prints. */
  public static void main(String[] args) throws IOException {
    boolean trains = args.length == 3 && args[0].equals("train");
    boolean proves = args.length == 3 && args[0].equals("proof");
    boolean measures = args.length == 2 && args[0].equals("measure");
    if (!trains && !proves && !measures) {
      System.err.println(USAGE);
      System.exit(2);
    }
    var samples = Sample.of(RoutingData.read(Path.of(args[1])));
    System.out.println(samples.size() + " rows");
    if (trains) {
      train(samples, Path.of(args[2]));
    } else if (proves) {
      var file = Path.of(args[2]);
      Files.createDirectories(file.toAbsolutePath().getParent());
      Proof.write(samples, Files.newOutputStream(file));
    } else {
      System.out.println(new Measuring(samples).report());
    }
  }

  private static void train(List<Sample> samples, Path file) throws IOException {
    var learned =
        samples.stream()
            .filter(sample -> Measuring.mayLearn(sample) && !sample.row().proof())
            .toList();
    var model = SkillFit.with(Trainer.train(learned), learned);
    Files.createDirectories(file.toAbsolutePath().getParent());
    try (var out = Files.newOutputStream(file)) {
      model.write(out);
    }
    for (var name : model.figureNames()) {
      System.out.println(name + " " + Arrays.toString(model.figures(name)));
    }
    System.out.printf(
        "%s: %d heads, %.2f MB%n", file, model.heads().size(), Files.size(file) / 1e6);
  }
}
