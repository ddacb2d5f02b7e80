package org.brokecluster.coordinator.routing;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.brokecluster.protocol.model.Tier;
import org.junit.jupiter.params.provider.Arguments;

/** The tasks that are promised to land in their tier, in many people's words. */
public final class NamedTasks {
  private static final Map<Tier, List<String>> PROMPTS =
      Map.of(Tier.PREMIUM, premium(), Tier.BALANCED, balanced(), Tier.BASIC, basic());

  private NamedTasks() {}

  /** Each prompt behind its tier's name. */
  public static Stream<Arguments> all() {
    return PROMPTS.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .flatMap(
            each ->
                each.getValue().stream()
                    .map(
                        prompt ->
                            Arguments.of(each.getKey().name().toLowerCase(Locale.ROOT), prompt)));
  }

  private static List<String> premium() {
    return List.of(
        "Perform a security analysis of this code",
        "Audit the following Python code for security vulnerabilities",
        "Review this function for security problems, please.",
        "Find security holes in our login module",
        "Analyze this class for SQL injection",
        "Do a security analysis of this code and format the result as a table",
        "Design the architecture of a chat service for a million users",
        "Propose an architecture for an event sourced billing platform",
        "I need an architecture design for our warehouse",
        "Help me with the system design of a URL shortener",
        "Design a scalable microservice landscape for a bank",
        "Refactor this complex class hierarchy into small strategies",
        "Complex refactoring: split this monolith into modules",
        "Please refactor the legacy payment module",
        "Restructure the codebase so that the layers are clean",
        "Optimize the performance of this database query",
        "Find the performance bottleneck in this service",
        "This loop runs too slow, speed it up",
        "Reduce the memory usage of this parser and improve its throughput");
  }

  private static List<String> balanced() {
    return List.of(
        "Review this code",
        "Please do a code review of my pull request",
        "Can you review the following function and give feedback?",
        "What do you think, any feedback on this code?",
        "Integrate the Stripe API into our shop",
        "Write a client for this REST API",
        "How do I integrate the GitHub API into my app?",
        "API integration with Slack webhooks",
        "Debug this program",
        "Why does this throw a NullPointerException?",
        "Help me debugging the checkout, it crashes",
        "Fix the bug in this function",
        "What is wrong with this code?",
        "Generate test data for the users table",
        "Create sample data for a customer database",
        "I need some mock data with 50 rows",
        "Generate 20 fake customers as test data in JSON");
  }

  private static List<String> basic() {
    return List.of(
        "Format this JSON",
        "Fix the indentation of this file",
        "Please reformat the code below",
        "Pretty print this XML document",
        "Write a docstring for this function",
        "Add Javadoc comments to this class",
        "Document this method",
        "Write a README for my project",
        "Write unit tests for this class",
        "Generate unit tests for the parser with JUnit",
        "Add a test case for empty input",
        "Translate this text into German",
        "Translate the following sentence from English to French",
        "Translate this architecture document into Spanish",
        "What is the capital of France?",
        "How many feet are in a mile?",
        "Who wrote Faust?",
        "Hello",
        "Quick question: when did Java 17 come out?");
  }
}
