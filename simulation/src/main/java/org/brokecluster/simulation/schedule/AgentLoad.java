package org.brokecluster.simulation.schedule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Conversations of agents: many calls, each with everything said before and a little more. They
 * begin at random (Poisson); within a conversation the next call comes only when the last is
 * answered, after a pause.
 */
record AgentLoad(AgentShape shape, Guess guess) implements Load {
  private static final int MESSAGES_FIRST = 4;
  private static final int MESSAGES_LAST = 16;

  @Override
  public String name() {
    return "agents";
  }

  @Override
  public double requestsPerArrival() {
    return shape.turnsMean();
  }

  @Override
  public Run draw(long seed, double rate, int requests, Mix mix) {
    return new Conversations(seed, rate, requests, mix);
  }

  /** One message of a conversation: where it ends. */
  private record Border(long fingerprint, int tokens) {}

  /** A conversation as it goes on. */
  private static final class Conversation {
    private final String model;
    private final String user;
    private final Random random;
    private final List<Border> borders = new ArrayList<>();
    private int turnsLeft;

    Conversation(String model, String user, int turns, Random random) {
      this.model = model;
      this.user = user;
      this.turnsLeft = turns;
      this.random = random;
    }

    int tokens() {
      return borders.get(borders.size() - 1).tokens();
    }

    void add(int tokens) {
      borders.add(new Border(random.nextLong(), (borders.isEmpty() ? 0 : tokens()) + tokens));
    }
  }

  private final class Conversations implements Run {
    private final Random random;
    private final List<Job> arrivals = new ArrayList<>();
    private final Map<Integer, Conversation> open = new HashMap<>();
    private int jobs;

    Conversations(long seed, double rate, int requests, Mix mix) {
      random = new Random(seed);
      var systems = new ArrayList<Border>();
      for (int i = 0; i < shape.programs(); i++) {
        int tokens = lognormal(random, shape.systemMedian(), shape.systemSpread());
        systems.add(new Border(random.nextLong(), tokens));
      }
      double at = 0;
      int count = (int) Math.max(1, Math.round(requests / shape.turnsMean()));
      for (int i = 0; i < count; i++) {
        at += -Math.log(1 - random.nextDouble()) * 1000 / rate;
        var own = new Random(random.nextLong());
        int turns =
            1 + (int) (Math.log(1 - own.nextDouble()) / Math.log(1 - 1 / shape.turnsMean()));
        var user = "user-" + own.nextInt(shape.users());
        var conversation = new Conversation(mix.draw(own), user, turns, own);
        conversation.borders.add(systems.get(own.nextInt(systems.size())));
        conversation.add(lognormal(own, shape.taskMedian(), shape.taskSpread()));
        open.put(i, conversation);
        arrivals.add(call(i, conversation, Math.round(at)));
      }
    }

    @Override
    public List<Job> arrivals() {
      return List.copyOf(arrivals);
    }

    @Override
    public @Nullable Job next(Job answered, long nowMs) {
      var conversation = open.get(answered.conversation());
      if (conversation == null) {
        return null;
      }
      int added = lognormal(conversation.random, shape.resultMedian(), shape.resultSpread());
      conversation.add(added);
      if (--conversation.turnsLeft <= 0 || conversation.tokens() > shape.promptMax()) {
        open.remove(answered.conversation());
        return null;
      }
      double pause = -Math.log(1 - conversation.random.nextDouble()) * shape.pauseMeanMs();
      return call(answered.conversation(), conversation, nowMs + Math.round(pause));
    }

    /** The conversation's next call; its answer becomes part of the conversation. */
    private Job call(int number, Conversation conversation, long atMs) {
      var own = conversation.random;
      int prompt = conversation.tokens();
      int answer = lognormal(own, shape.answerMedian(), shape.answerSpread());
      var known = shown(conversation.borders);
      conversation.add(answer);
      return new Job(
          jobs++,
          atMs,
          conversation.model,
          conversation.user,
          true,
          prompt,
          answer,
          guess.prompt(prompt, own),
          guess.answer(answer, own),
          known.stream().map(Border::fingerprint).toList(),
          known.stream().map(Border::tokens).toList(),
          conversation.borders.get(conversation.borders.size() - 1).fingerprint(),
          number);
    }
  }

  /** Those message ends that an edge tells the router. */
  private static List<Border> shown(List<Border> all) {
    if (all.size() <= MESSAGES_FIRST + MESSAGES_LAST) {
      return List.copyOf(all);
    }
    var shown = new ArrayList<>(all.subList(0, MESSAGES_FIRST));
    shown.addAll(all.subList(all.size() - MESSAGES_LAST, all.size()));
    return shown;
  }

  private static int lognormal(Random random, double median, double spread) {
    double value = median * Math.exp(spread * random.nextGaussian());
    return (int) Math.max(1, Math.min(50_000, Math.round(value)));
  }
}
