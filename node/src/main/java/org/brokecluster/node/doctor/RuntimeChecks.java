package org.brokecluster.node.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.brokecluster.node.detect.Detected;
import org.brokecluster.shared.doctor.Finding;

/** Judges whether something here can serve a model. Pure. */
final class RuntimeChecks {
  private static final String WHAT = "runtime";
  private static final String LLAMA = "llama-server";

  private RuntimeChecks() {}

  /**
   * What was found on this machine.
   *
   * @param configured servers that the configuration names
   * @param simulated whether models are only played
   * @param mac whether MLX could run here
   * @param mlxFound whether an mlx-lm was found that is recent enough
   * @param mlxReport what the search for it brought, as a sentence
   * @param running servers that were found running
   * @param installed programs on the PATH that serve models
   */
  record Seen(
      List<String> configured,
      boolean simulated,
      boolean mac,
      boolean mlxFound,
      String mlxReport,
      List<Detected> running,
      List<String> installed) {}

  /**
   * The findings.
   *
   * @param serving whether the cluster can answer with a model already: then nothing is missing
   */
  static List<Finding> of(Seen seen, boolean serving) {
    var findings = new ArrayList<Finding>();
    if (seen.mlxFound()) {
      findings.add(Finding.ok("MLX", seen.mlxReport()));
    } else if (seen.mac()) {
      findings.add(Finding.note("MLX", "cannot be used", seen.mlxReport()));
    }
    if (seen.installed().contains(LLAMA)) {
      findings.add(Finding.ok(WHAT, LLAMA + " is installed; ./broke up serves GGUF files with it"));
    }
    for (var server : seen.running()) {
      findings.add(Finding.ok(WHAT, server.label() + " runs; ./broke up attaches it"));
    }
    if (!seen.configured().isEmpty()) {
      findings.add(Finding.ok(WHAT, "configured: " + String.join(", ", seen.configured())));
    }
    if (seen.simulated()) {
      findings.add(Finding.note(WHAT, "models are only played here", "broke.node.simulated"));
    }
    if (findings.stream().noneMatch(each -> each.verdict() == Finding.Verdict.OK)) {
      findings.add(nothing(seen, serving || seen.simulated()));
    }
    return findings;
  }

  private static Finding nothing(Seen seen, boolean serving) {
    var idle = seen.installed().stream().collect(Collectors.joining(", "));
    var detail =
        idle.isEmpty()
            ? "no model server was found on this machine"
            : "installed but not running: " + idle;
    var next =
        idle.isEmpty()
            ? (seen.mac() ? "uv tool install mlx-lm" : "install Ollama or llama.cpp")
                + ", or ./broke demo to look around"
            : "start it, then ./broke up; or name it: ./broke up --runtime openai=URL";
    return serving ? Finding.note(WHAT, detail, next) : Finding.bad(WHAT, detail, next);
  }
}
