package org.brokecluster.protocol.edge;

import akka.actor.typed.ActorRef;
import java.util.Arrays;
import java.util.List;
import org.brokecluster.protocol.CborMessage;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * How one edge reads an answer that another one keeps for its client. Whoever reads asks again and
 * again for what follows; the other side remembers nothing of it.
 */
public interface KeptProtocol {

  /** Anything an edge that keeps answers accepts. */
  sealed interface Command extends CborMessage permits Read {}

  /**
   * Asks for what follows a piece of an answer. Answered as soon as there is something, or after a
   * short wait with an empty part.
   *
   * @param after number of the last piece the reader has, 0 for none
   * @param owner proof that the reader may have it, made for this request
   */
  record Read(RequestId request, long after, String owner, ActorRef<Reply> replyTo)
      implements Command {}

  /** Answers {@link Read}. */
  sealed interface Reply extends CborMessage permits Part, Gone {}

  /**
   * What follows, at most {@value #PART_MAX} bytes unless a single piece is larger.
   *
   * @param head how the response begins; null while that is not known
   * @param last number of the last piece in it, or the one asked for
   * @param end whether the answer ends with it
   */
  // A copy of every part would buy nothing: whoever makes the array gives it away.
  @SuppressWarnings("ArrayRecordComponent")
  record Part(@Nullable Head head, byte[] bytes, long last, boolean end) implements Reply {
    @Override
    public boolean equals(Object other) {
      return other instanceof Part part
          && java.util.Objects.equals(head, part.head)
          && Arrays.equals(bytes, part.bytes)
          && last == part.last
          && end == part.end;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(last);
    }

    /** Shows the length only: answers never reach a log. */
    @Override
    public String toString() {
      return "Part[to #%d %d bytes%s]".formatted(last, bytes.length, end ? " end" : "");
    }
  }

  /**
   * How a response begins.
   *
   * @param headers names and values in turn
   */
  record Head(int status, String contentType, List<String> headers) {
    /** Copies the list. */
    public Head {
      headers = List.copyOf(headers);
    }
  }

  /** There is nothing to read: why, as an HTTP status with a code and a message. */
  record Gone(int status, String code, String message) implements Reply {}

  /** Largest part in bytes, well within a frame. */
  int PART_MAX = 64 * 1024;
}
