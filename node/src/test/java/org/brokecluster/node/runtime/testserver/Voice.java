package org.brokecluster.node.runtime.testserver;

import java.io.IOException;

/** How one kind of server says an answer, in its own bytes. */
interface Voice {
  /** The head of a stream. */
  void head() throws IOException;

  /** What comes before the first token. */
  void begin(PlayedAnswer answer) throws IOException;

  /** A piece of thinking. */
  void reasoning(String text) throws IOException;

  /** A piece of text. */
  void content(String text) throws IOException;

  /** An event with this text, whose bytes may end within a character. */
  void contentBytes(byte[] text) throws IOException;

  /** A call of the played function. */
  void call() throws IOException;

  /** The finish reason. */
  void finish(PlayedAnswer answer) throws IOException;

  /** Counts, if they are wanted, and what else comes behind the finish reason. */
  void end(PlayedAnswer answer) throws IOException;

  /** The end of the bytes in good order, whatever was said before; false to close. */
  boolean close() throws IOException;

  /** An event that is none. */
  void broken() throws IOException;

  /** An event without text. */
  void nothing() throws IOException;

  /** The beginning of a line, or more of it, but not its end. */
  void unended(String text) throws IOException;

  /** An error under status 200; false if the connection just closes over it. */
  boolean error() throws IOException;

  /** An error instead of an answer; whether the connection may be used again. */
  boolean refuse(int status) throws IOException;
}
