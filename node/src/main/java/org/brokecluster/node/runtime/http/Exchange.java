package org.brokecluster.node.runtime.http;

/** One request and its answer. Safe for use from any thread. */
public interface Exchange {
  /** Sends the request; called once. Never blocks. */
  void send(HttpRequest request);

  /** Closes the connection unless the answer is whole; the handler hears nothing more of it. */
  void cancel();

  /** Calls the handler's {@link ResponseHandler#onResume} and lets it go on reading. */
  void resume();
}
