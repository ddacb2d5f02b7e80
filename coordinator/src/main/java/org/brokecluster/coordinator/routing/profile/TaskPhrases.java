package org.brokecluster.coordinator.routing.profile;

import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.routing.profile.PhraseIndex.Pattern;

/** The phrases by which each {@link Task} is recognised, in the notation of {@link Phrase}. */
final class TaskPhrases {
  private static final String CODE =
      "code|function|class|method|module|script|program|patch|diff|commit|implementation|snippet";
  private static final String OPTIMISE = "optimiz*|optimise*|optimisa*|optimisi*";

  private TaskPhrases() {}

  static List<Pattern<Task>> all() {
    var all = new ArrayList<Pattern<Task>>();
    premium(all);
    balanced(all);
    basic(all);
    return List.copyOf(all);
  }

  private static void premium(List<Pattern<Task>> all) {
    add(
        all,
        Task.SECURITY_ANALYSIS,
        "security analy*",
        "security analy* " + CODE,
        "analy* security",
        "analy* " + CODE + " security",
        "analy* " + CODE + " vulnerab*",
        "audit* security",
        "audit* vulnerab*",
        "audit* " + CODE + " security",
        "security audit*",
        "security review*",
        "review* security",
        "review* " + CODE + " security",
        "review* " + CODE + " vulnerab*",
        "check* security",
        "check* " + CODE + " security",
        "check* vulnerab*",
        "check* " + CODE + " vulnerab*",
        "find* vulnerab*",
        "find* security",
        "security vulnerab*|hole|flaw|issue|problem|weakness*|risk|bug",
        CODE + " vulnerab*",
        "is secure",
        "exploitab*",
        "threat_model*",
        "penetration_test*",
        "pentest*",
        "sql_injection",
        CODE + " injection attack");
    add(
        all,
        Task.ARCHITECTURE_DESIGN,
        "architecture_design",
        "architect* for",
        "architect* system|service|platform|application",
        "design* architecture",
        "design* system",
        "design* system architecture",
        "design* microservice",
        "design* scalable|distributed",
        "propose* architecture",
        "plan* architecture",
        "choose* architecture",
        "evaluat* architecture",
        "system_architecture",
        "software_architecture",
        "microservice architecture",
        "architectur* decision|trade*|pattern",
        "system_design",
        "high level design",
        "event driven architecture",
        "domain driven design");
    add(
        all,
        Task.COMPLEX_REFACTORING,
        "refactor*",
        "complex refactor*",
        "refactor* complex|legacy|monolith*|codebase|system|architecture|hierarchy|module",
        "refactor* " + CODE,
        "restructur* " + CODE,
        "restructur* codebase|project|application",
        "rewrite* legacy",
        "legacy code|codebase",
        "moderni* code|codebase|legacy",
        "migrat* codebase|application|project",
        "split*|break* monolith*",
        "untangl* dependenc*",
        "decoupl* module|class*|service",
        "extract* interface|service across");
    add(
        all,
        Task.PERFORMANCE_WORK,
        OPTIMISE + " performance",
        OPTIMISE + " " + CODE,
        OPTIMISE + " query|algorithm|loop|database|sql|memory|throughput|latency|speed",
        "performance optimi*",
        "performance analy*|tuning|problem|issue|bottleneck|regression|profil*",
        "analy* performance",
        "improve* performance|throughput|latency",
        "bottleneck",
        "speed* up",
        "make* faster",
        "reduce* latency|memory|allocation",
        "memory leak",
        "profile* " + CODE,
        "too slow",
        "run* slow*",
        "why slow");
    add(all, Task.PROOF, "prove that", "prove theorem|lemma", "formal proof", "mathematical proof");
  }

  private static void balanced(List<Pattern<Task>> all) {
    add(
        all,
        Task.CODE_REVIEW,
        "code_review*",
        "do code_review*",
        "review* " + CODE,
        "review* pr|change",
        "review* merge request",
        "review* pull request",
        "feedback " + CODE,
        "look over " + CODE,
        "critique* " + CODE,
        "what improve* " + CODE);
    add(
        all,
        Task.API_INTEGRATION,
        "api integrat*",
        "integrat* api",
        "integrat* with",
        "integrat* service|sdk|payment|webhook|endpoint",
        "integrat*",
        "api client",
        "write* client api",
        "call* api|endpoint",
        "connect* api",
        "connect* to api",
        "consume* api",
        "use* api",
        "rest_api",
        "graphql api",
        "webhook",
        "oauth*");
    add(
        all,
        Task.DEBUGGING,
        "debug*",
        "debug* " + CODE,
        "fix* bug|error|exception|crash*|problem",
        "fix* " + CODE,
        "find* bug|error|mistake",
        "why throw*|fail*|crash*|error|break*|hang*|null",
        "throw* exception|error|nullpointerexception",
        "stack_trace",
        "stacktrace|traceback",
        "nullpointerexception|segfault|keyerror|typeerror|indexerror",
        "segmentation_fault",
        "what wrong",
        "does not work",
        "doesn t work",
        "not work*",
        "wrong result|output",
        "error message");
    add(
        all,
        Task.TEST_DATA,
        "test_data",
        "testdata",
        "generat*|create*|creating|make*|produce*|need test_data",
        "sample|mock|fake|dummy|seed|synthetic|example_data",
        "generat*|create*|creating|make*|produce* sample|mock|fake|dummy|synthetic"
            + "_data|record|row|user|customer|entries",
        "test_fixture",
        "fixture data",
        "generat*|create* fixture",
        "data for testing",
        "test_dataset");
    add(
        all,
        Task.PROGRAMMING,
        "implement*",
        "write* function|class|script|program|method|query|parser|cli",
        "create* function|class|script|program|component|endpoint",
        "regular_expression",
        "regex*",
        "sql_query",
        "explain* " + CODE,
        "translat*|convert*|port " + CODE + " into|to python|java|rust|go|typescript|kotlin|c++",
        "translat*|port python|java|rust|javascript|typescript|kotlin|go into|to "
            + "python|java|rust|javascript|typescript|kotlin|go");
    add(
        all,
        Task.LONG_TEXT,
        "write* essay|article|story|report|proposal|chapter",
        "blog_post",
        "business plan|strategy",
        "compare* approach*|option|alternative");
  }

  private static void basic(List<Pattern<Task>> all) {
    add(
        all,
        Task.FORMATTING,
        "format*",
        "format* " + CODE,
        "format* json|xml|yaml|sql|table|markdown|html|file|text|list|date|as",
        "reformat*",
        "reformat* " + CODE,
        "indent*",
        "fix* indent*|formatting|whitespace|style",
        "fix* " + CODE + " indent*|formatting|whitespace",
        "pretty_print*",
        "prettif*|prettier|prettyprint*",
        "sort* import|lines",
        "clean* up formatting|whitespace",
        "code_style");
    add(
        all,
        Task.SIMPLE_DOCS,
        "docstring|javadoc|jsdoc|readme|changelog|rustdoc",
        "write*|add*|generat*|create* docstring|javadoc|jsdoc|readme|changelog|documentation|docs",
        "write*|add*|generat*|create* docstring|javadoc|comment|documentation|docs for",
        "write*|add*|generat* docstring|javadoc|comment|documentation|docs " + CODE,
        "write*|add*|generat* comment",
        "comment this|the " + CODE,
        "document* " + CODE,
        "document* this|the " + CODE,
        "document* parameter|api|endpoint",
        "simple doc*",
        "commit_message");
    add(
        all,
        Task.UNIT_TESTS,
        "unit_test*",
        "write*|add*|generat*|create* unit_test*",
        "write*|add*|generat*|create* unit_test* for",
        "write*|add*|generat*|create* unit_test* for " + CODE,
        "write*|add*|generat*|create* test_case",
        "write*|add*|generat*|create* test",
        "write*|add*|generat*|create* test for",
        "junit|pytest",
        "write*|add*|generat* junit|pytest test",
        "test_case");
    add(
        all,
        Task.TRANSLATION,
        "translat*",
        "translat* into|to",
        "translat* into|to english|german|french|spanish|italian|portuguese|dutch|polish",
        "translat* into|to chinese|japanese|korean|russian|arabic|turkish|ukrainian|swedish",
        "translat* from into|to",
        "translation of",
        "how say in german|french|spanish|italian|english|japanese",
        "what in german|french|spanish|italian|japanese");
    add(all, Task.PERFORMANCE_TALK, "performance", OPTIMISE);
    add(
        all,
        Task.QUICK_QUESTION,
        "what is|are|was|does|s",
        "who is|was|are|wrote|invented",
        "when is|was|did|does",
        "where is|are|was|do",
        "which is|are",
        "how many|much|old|far|long|tall",
        "how do i",
        "how to",
        "capital of",
        "define*",
        "quick question",
        "tell me",
        "name the|a|three|five",
        "say hello|hi",
        "hello|hi|hey|thanks");
  }

  private static void add(List<Pattern<Task>> all, Task task, String... patterns) {
    for (var pattern : patterns) {
      all.add(new Pattern<>(pattern, task));
    }
  }
}
