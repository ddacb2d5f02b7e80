package org.brokecluster.tests.harness;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Adds to a failure what the processes of the open clusters have said. Found by JUnit itself. */
public final class LogsOfFailure implements TestExecutionExceptionHandler {
  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    for (var cluster : TestCluster.open()) {
      failure.addSuppressed(new AssertionError("what its processes said:\n" + cluster.logs()));
    }
    throw failure;
  }
}
