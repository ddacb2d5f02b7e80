package org.brokecluster.shared.cli;

import org.brokecluster.shared.config.InvalidConfigException;
import org.brokecluster.shared.host.HostOptions;
import org.brokecluster.shared.host.HostProcess;
import org.brokecluster.shared.host.StartException;

/** Runs a host for a verb and says in one message why it could not start. */
final class HostStart {
  private HostStart() {}

  static int run(HostOptions options) {
    try {
      new HostProcess(options).run();
      return ExitCode.OK;
    } catch (InvalidConfigException e) {
      throw VerbException.misuse(String.valueOf(e.getMessage()));
    } catch (StartException e) {
      throw VerbException.failed(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED;
    }
  }
}
