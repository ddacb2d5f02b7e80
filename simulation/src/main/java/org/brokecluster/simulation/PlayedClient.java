package org.brokecluster.simulation;

import java.util.List;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.request.AnswerSide;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.Placement;
import org.jspecify.annotations.Nullable;

/** A client that checks every letter it gets, and every way an answer can end. */
final class PlayedClient implements AnswerSide {
  private static final int CONGESTION_WORDS = 40;

  /** How it ended for the client. */
  enum End {
    /** The whole answer. */
    ANSWERED,
    /** An error that says so. */
    ERROR,
    /** It hung up itself. */
    HUNG_UP,
    /** The edge it was connected to died. */
    CUT_OFF
  }

  private final World world;
  private final PlayedRequest request;
  private final Call call;
  private final long calledMs;
  private final StringBuilder reasoning = new StringBuilder();
  private final StringBuilder content = new StringBuilder();
  private boolean tool;
  private int unread;
  private long readUntilMs;
  private boolean nodeWaits;
  private long lastTokenMs = -1;
  private long longestGapMs;
  private @Nullable End end;
  private @Nullable ApiError error;
  private int attempts;
  private long endMs = -1;

  PlayedClient(World world, PlayedRequest request, Call call) {
    this.world = world;
    this.request = request;
    this.call = call;
    this.calledMs = world.time().nowMs();
  }

  @Nullable End end() {
    return end;
  }

  @Nullable ApiError error() {
    return error;
  }

  /** Attempts that were made, as far as an answer tells. */
  int attempts() {
    return attempts;
  }

  /** Longest time between two tokens, or from the call to the first, in milliseconds. */
  long longestGapMs() {
    return longestGapMs;
  }

  int words() {
    return (reasoning.length() + content.length()) / Tale.WORD;
  }

  /** The client hangs up, or its edge dies: whatever comes now is nobody's business. */
  void leave(End how) {
    if (end == null) {
      end = how;
      endMs = world.time().nowMs();
    }
  }

  /** Time from the call to its end; negative while it has none. */
  long tookMs() {
    return endMs < 0 ? -1 : endMs - calledMs;
  }

  /** The request's actor has stopped: somebody must have told the client how it ended. */
  void released() {
    if (end == null) {
      world.watch().broken(Invariant.ENDS_ONCE, call.request() + " stopped without an end");
    }
  }

  @Override
  public void open(Placement placement, int number) {
    attempts = Math.max(attempts, number);
  }

  @Override
  public void comment(String text) {
    // Told to people only.
  }

  @Override
  public void note(String text) {
    // Told to people only.
  }

  @Override
  public void expect(long etaMs) {
    // Told to people only.
  }

  @Override
  public boolean emit(List<TokenChunk> chunks, @Nullable Placement placement) {
    if (end == End.HUNG_UP || end == End.CUT_OFF) {
      return true;
    }
    if (end != null) {
      world.watch().broken(Invariant.ENDS_ONCE, call.request() + " got tokens after its end");
    }
    if (placement == null) {
      throw new IllegalStateException("tokens from nowhere: " + call.request());
    }
    gap();
    var voice = world.voice(placement.model(), placement.node());
    chunks.forEach(chunk -> take(chunk, voice));
    read(chunks.size());
    return true;
  }

  private void gap() {
    long now = world.time().nowMs();
    longestGapMs = Math.max(longestGapMs, now - (lastTokenMs < 0 ? calledMs : lastTokenMs));
    lastTokenMs = now;
  }

  private void take(TokenChunk chunk, String voice) {
    switch (chunk.kind()) {
      case REASONING -> check(reasoning, chunk, voice, 0);
      case CONTENT -> check(content, chunk, voice, call.thinking() * Tale.WORD);
      case TOOL_CALL -> tool = true;
      case LOGPROBS -> {}
    }
  }

  private void check(StringBuilder text, TokenChunk chunk, String voice, int begins) {
    int at = begins + text.length();
    if (!Tale.says(call.request(), voice, at, chunk.text())) {
      world
          .watch()
          .broken(
              Invariant.TEXT,
              "%s got \"%s\" at letter %d from %s, which is not what that says there"
                  .formatted(call.request(), chunk.text(), at, voice));
    }
    text.append(chunk.text());
  }

  /** Takes its time over what it got. */
  private void read(int count) {
    unread += count;
    if (call.readMs() == 0) {
      unread = 0;
      return;
    }
    long now = world.time().nowMs();
    readUntilMs = Math.max(now, readUntilMs) + (long) call.readMs() * count;
    world
        .time()
        .after(
            readUntilMs - now,
            call.request(),
            () -> {
              unread -= count;
              if (nodeWaits && unread < CONGESTION_WORDS) {
                nodeWaits = false;
                request.drained();
              }
            });
  }

  @Override
  public void restart() {
    if (call.streamed() && reasoning.length() + content.length() > 0) {
      world.watch().broken(Invariant.TEXT, call.request() + " was to forget what it had");
    }
    reasoning.setLength(0);
    content.setLength(0);
    tool = false;
  }

  @Override
  public void finish(FinishReason reason, Usage usage, @Nullable Placement placement, int number) {
    if (end == End.HUNG_UP || end == End.CUT_OFF) {
      return;
    }
    ended(End.ANSWERED);
    gap();
    attempts = number;
    int contentDue = Math.max(0, call.wordsDue() - call.thinking());
    boolean whole =
        content.length() == contentDue * Tale.WORD && tool == (call.kind() == Call.Kind.TOOL);
    if (!whole) {
      world
          .watch()
          .broken(
              Invariant.COMPLETE,
              "%s ended as %s with %d of %d words"
                  .formatted(call.request(), reason.label(), words(), call.wordsDue()));
    }
    int counted = words() + (tool ? 1 : 0);
    if (usage.completionTokens() != counted) {
      world
          .watch()
          .broken(
              Invariant.USAGE,
              "%s got %d tokens and is told %d%s"
                  .formatted(
                      call.request(),
                      counted,
                      usage.completionTokens(),
                      usage.estimated() ? " (estimated)" : ""));
    }
  }

  @Override
  public void fail(ApiError how) {
    if (end == End.HUNG_UP || end == End.CUT_OFF) {
      return;
    }
    ended(End.ERROR);
    error = how;
  }

  private void ended(End how) {
    if (end != null) {
      world
          .watch()
          .broken(Invariant.ENDS_ONCE, "%s ended as %s and %s".formatted(call.request(), end, how));
    }
    end = how;
    endMs = world.time().nowMs();
  }

  @Override
  public void tick(long nowMs) {
    // Headers are not simulated.
  }

  @Override
  public boolean congested() {
    nodeWaits = unread >= CONGESTION_WORDS;
    return nodeWaits;
  }

  @Override
  public boolean forsaken(long nowMs) {
    return false;
  }

  @Override
  public void abandon() {
    // Nobody comes back in a simulation.
  }
}
