package org.brokecluster.tests.faults;

import java.io.IOException;

/** What a model does when it is asked for an answer. */
@FunctionalInterface
interface Conduct {
  /** Answers every call as it should be. */
  Conduct GOOD = (call, reply) -> reply.whole();

  /**
   * Answers, or goes wrong over it.
   *
   * @return whether the connection may be used again
   */
  boolean answer(FaultServer.Call call, FaultReply reply) throws IOException;

  /** Does this with the first call only, and answers the others. */
  static Conduct once(Conduct fault) {
    return (call, reply) ->
        call.number() == 1 ? fault.answer(call, reply) : GOOD.answer(call, reply);
  }
}
