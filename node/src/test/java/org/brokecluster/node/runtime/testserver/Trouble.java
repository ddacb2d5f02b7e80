package org.brokecluster.node.runtime.testserver;

/** What a test server can be told to do wrong with the next requests for an answer. */
public enum Trouble {
  /** Nothing. */
  NONE,
  /** Closes without a byte, as mlx_lm.server does (recording mlx-07-null-everything). */
  CLOSED_WITHOUT_A_BYTE,
  /** Resets the connection before a byte. */
  RESET,
  /** Takes the request and says nothing, as a server does whose working thread has died. */
  SILENT_BEFORE_THE_HEAD,
  /** Sends the head and nothing more. */
  SILENT_BEHIND_THE_HEAD,
  /** Stops in the middle of the text and keeps the connection. */
  SILENT_IN_THE_MIDDLE,
  /** Ends in the middle of the text as if that were the end (recording mlx-13-disconnect). */
  CUT_IN_THE_MIDDLE,
  /** Resets the connection in the middle of the text. */
  RESET_IN_THE_MIDDLE,
  /** Ends the stream in good order, but without a finish reason. */
  NO_FINISH,
  /** Goes silent behind the finish reason. */
  SILENT_BEHIND_THE_FINISH,
  /** Sends an error in the middle of the text, under status 200. */
  ERROR_IN_THE_MIDDLE,
  /** Answers 500. */
  INTERNAL_ERROR,
  /** Answers that it has too much to do. */
  BUSY,
  /** Sends bytes that are no HTTP. */
  NOT_HTTP,
  /** Puts a broken event between good ones. */
  BROKEN_EVENT,
  /** Sends one line without an end. */
  ENDLESS_LINE,
  /** Sends events without text, for ever. */
  ENDLESS_NOTHING,
  /** Goes on for ever although the answer is limited. */
  IGNORES_THE_LIMIT,
  /** Sends characters cut in two between events. */
  CUT_CHARACTERS,
  /** Leaves a stop token at the end of the text, in two pieces. */
  STOP_TOKEN
}
