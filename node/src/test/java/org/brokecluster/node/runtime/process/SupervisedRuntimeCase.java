package org.brokecluster.node.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.RecordingListener;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A runtime on a rig of its own, and what tests ask of it. */
@Timeout(180)
abstract class SupervisedRuntimeCase {
  static final ModelId MODEL = MlxRig.MODEL;
  static final long PATIENCE_SECONDS = 90;

  @TempDir Path folder;

  MlxRig rig;
  SupervisedRuntime runtime;

  @BeforeEach
  void open() throws Exception {
    rig = new MlxRig(folder);
    runtime = rig.open("");
  }

  @AfterEach
  void close() throws Exception {
    get(runtime);
    runtime.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
    assertThat(started()).as("processes left behind").noneMatch(MlxTestProcesses::runs);
  }

  static void get(ModelRuntime runtime) throws Exception {
    runtime.models().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  void load() throws Exception {
    load(new CopyOnWriteArrayList<>());
  }

  void load(List<Double> progress) throws Exception {
    get(runtime);
    try {
      runtime
          .load(MODEL, progress::add)
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  RecordingListener ask(String body) {
    var listener = new RecordingListener();
    runtime.start(Prompts.chat(MODEL, body), listener).request(Long.MAX_VALUE);
    return listener;
  }

  ModelState state() throws Exception {
    return model().state();
  }

  RuntimeModel model() throws Exception {
    return runtime.models().toCompletableFuture().get(60, TimeUnit.SECONDS).stream()
        .filter(model -> model.facts().id().equals(MODEL))
        .findFirst()
        .orElseThrow();
  }

  RuntimeModel awaitState(ModelState wanted, long otherThan) throws Exception {
    MlxTestProcesses.await(
        () -> {
          // First the process, then its state: the other way round they may be of two processes.
          long pid = runtime.pid(MODEL);
          boolean another = pid != 0 && pid != otherThan;
          return model().state() == wanted && (wanted != ModelState.LOADED || another);
        });
    return model();
  }

  List<Long> started() throws Exception {
    return MlxTestProcesses.started(folder);
  }
}
