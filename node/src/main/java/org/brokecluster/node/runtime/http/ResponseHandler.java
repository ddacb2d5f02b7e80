package org.brokecluster.node.runtime.http;

import java.nio.ByteBuffer;

/**
 * Hears an answer: a head, any number of pieces of the body, then an end; or an error at any point.
 * All calls come from the client's one thread and must not block.
 */
public interface ResponseHandler {
  /** Why no whole answer came. */
  enum Problem {
    /** No connection could be made; nothing was sent. */
    UNREACHED,
    /** The connection closed or broke before the answer was whole. */
    CLOSED,
    /** What came is not HTTP. */
    MALFORMED
  }

  /** Status and headers are known. */
  void onHead(ResponseHead head);

  /** A piece of the body, to be taken in full before the call returns. */
  void onBody(ByteBuffer bytes);

  /** The body is whole, or the server closed where that is the end. */
  void onEnd();

  /** The answer is not whole; nothing follows. */
  void onError(Problem problem, String message);

  /** Whether more of the body may be read now; if not, {@link Exchange#resume} is called later. */
  boolean wantsMore();

  /** The client's thread is there after {@link Exchange#resume}. */
  void onResume();

  /** About four times a second while the exchange is open. */
  void onTick(long nanos);
}
