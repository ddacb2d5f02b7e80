package org.brokecluster.protocol.history;

import akka.actor.typed.ActorRef;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.brokecluster.protocol.CborMessage;
import org.brokecluster.protocol.history.HistoryProtocol.Document;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * Texts of people and models, on their way to the coordinator that keeps them and back. The only
 * conversation besides prompts and tokens that carries text; nothing here shows it.
 */
public interface ContentProtocol {
  /** Bytes of packed texts in one message at most, well below a frame of 256 KiB. */
  int PACKED_MAX = 160 * 1024;

  /** Anything the keeper of texts takes. */
  sealed interface Command extends CborMessage permits Keep, Note, Read, Erase, GetState {}

  /**
   * Texts to keep; one whose id is kept already is left as it is. Answered with {@link Kept}.
   *
   * @param texts {@value #PACKED_MAX} bytes of them at most
   */
  record Keep(List<Text> texts, ActorRef<Kept> replyTo) implements Command {
    /** Copies the list. */
    public Keep {
      texts = List.copyOf(texts);
    }

    @Override
    public String toString() {
      return "Keep[" + texts.size() + " texts]";
    }
  }

  /**
   * What became of texts.
   *
   * @param stored that are kept now
   * @param known that were kept before
   * @param refusal why they are not kept; null if they are
   * @param again whether that may pass, so that they should be sent again
   */
  record Kept(int stored, int known, @Nullable String refusal, boolean again)
      implements CborMessage {}

  /**
   * What somebody wrote about an answer. Answered with {@link Noted}.
   *
   * @param reason of a rating, or null
   * @param tests by which answers can be checked, or null
   */
  record Note(
      RequestId request, @Nullable String reason, @Nullable String tests, ActorRef<Noted> replyTo)
      implements Command {
    @Override
    public String toString() {
      return "Note[" + request + "]";
    }
  }

  /**
   * Whether a note is kept.
   *
   * @param refusal why not; null if it is
   */
  record Noted(@Nullable String refusal) implements CborMessage {}

  /**
   * Kept texts, redacted, the latest first. Answered with {@link Page}.
   *
   * @param limit 1 to 500
   * @param before cursor of an earlier page, or null
   * @param countOnly whether only the counts are wanted
   */
  record Read(
      ContentFilter filter,
      int limit,
      @Nullable String before,
      boolean countOnly,
      ActorRef<Page> replyTo)
      implements Command {}

  /**
   * Redacted texts.
   *
   * @param problems a JSON object each, compressed by gzip; none if only counts were wanted
   * @param texts how many were read
   * @param redactions what was taken out, by kind
   * @param unreadable texts that were sealed with a key that is not here
   * @param next cursor of the next page, or null at the end
   * @param error why there is nothing, or null
   */
  record Page(
      List<byte[]> problems,
      int texts,
      Map<String, Integer> redactions,
      int unreadable,
      @Nullable String next,
      @Nullable String error)
      implements CborMessage {
    /** Copies the collections, not the bytes. */
    public Page {
      problems = List.copyOf(problems);
      redactions = Map.copyOf(redactions);
    }

    /** No texts, and why. */
    public static Page failed(String error) {
      return new Page(List.of(), 0, Map.of(), 0, null, error);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Page page
          && Arrays.deepEquals(problems.toArray(), page.problems.toArray())
          && texts == page.texts
          && redactions.equals(page.redactions)
          && unreadable == page.unreadable
          && Objects.equals(next, page.next)
          && Objects.equals(error, page.error);
    }

    @Override
    public int hashCode() {
      return Objects.hash(texts, redactions, unreadable, next, error);
    }

    @Override
    public String toString() {
      return "Page[" + texts + " texts]";
    }
  }

  /**
   * Deletes texts and notes. Answered with a document {@code {"deleted":N}}.
   *
   * @param id of the only one, or null
   * @param before only those kept before that time, in milliseconds since 1970, or null; null in
   *     both deletes everything
   */
  record Erase(@Nullable String id, @Nullable Long before, ActorRef<Document> replyTo)
      implements Command {}

  /** How much is kept and whether more will be; answered with a document. */
  record GetState(ActorRef<Document> replyTo) implements Command {}

  /**
   * One text to keep.
   *
   * @param id of its request, or made from what it says
   * @param at when it was said, in milliseconds since 1970
   * @param source {@code page}, {@code api}, {@code agent}, {@code bench} or {@code hand}
   * @param user name of whoever asked, or null
   * @param packed a JSON object, compressed by gzip
   */
  // A copy of every text would buy nothing: nobody writes to it.
  @SuppressWarnings("ArrayRecordComponent")
  record Text(String id, long at, String source, @Nullable String user, byte[] packed) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Text text
          && id.equals(text.id)
          && at == text.at
          && source.equals(text.source)
          && Objects.equals(user, text.user)
          && Arrays.equals(packed, text.packed);
    }

    @Override
    public int hashCode() {
      return Objects.hash(id, at, source, user, Arrays.hashCode(packed));
    }

    /** Shows nothing of the text, and not who asked. */
    @Override
    public String toString() {
      return "Text[" + id + " " + source + ", " + packed.length + " bytes]";
    }
  }
}
