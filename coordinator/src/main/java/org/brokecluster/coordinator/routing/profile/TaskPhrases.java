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

  /** Every phrase with its task. */
  static List<Pattern<Task>> all() {
    var all = new ArrayList<Pattern<Task>>();
    for (var task : Task.values()) {
      of(task).forEach(phrase -> all.add(new Pattern<>(phrase, task)));
      OtherLanguages.of(task).forEach(phrase -> all.add(new Pattern<>(phrase, task)));
    }
    return List.copyOf(all);
  }

  private static List<String> of(Task task) {
    return switch (task) {
      case SECURITY_ANALYSIS -> securityAnalysis();
      case ARCHITECTURE_DESIGN -> architectureDesign();
      case COMPLEX_REFACTORING -> complexRefactoring();
      case PERFORMANCE_WORK -> performanceWork();
      case PROOF -> proof();
      case VERIFICATION -> verification();
      case WHOLE_SYSTEM -> wholeSystem();
      case CODE_REVIEW -> codeReview();
      case API_INTEGRATION -> apiIntegration();
      case DEBUGGING -> debugging();
      case TEST_DATA -> testData();
      case PROGRAMMING -> programming();
      case LONG_TEXT -> longText();
      case FORMATTING -> formatting();
      case SIMPLE_DOCS -> simpleDocs();
      case UNIT_TESTS -> unitTests();
      case TRANSLATION -> translation();
      case PERFORMANCE_TALK -> performanceTalk();
      case QUICK_QUESTION -> quickQuestion();
      case SUM -> List.of();
      case SMALL_TALK -> smallTalk();
    };
  }

  private static List<String> securityAnalysis() {
    return List.of(
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
  }

  private static List<String> architectureDesign() {
    return List.of(
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
  }

  private static List<String> complexRefactoring() {
    return List.of(
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
  }

  private static List<String> performanceWork() {
    return List.of(
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
  }

  private static List<String> proof() {
    return List.of(
        "prove that",
        "prove theorem|lemma|conjecture|hypothesis|inequality|identity|correctness",
        "formal|mathematical|rigorous|complete proof",
        "proof_that",
        "show that irrational|root|prime|integer|infinitely|converge*|divisible|uncountable",
        "show that theorem|lemma|sequence|series|polynomial|inequality|isomorphic|holds");
  }

  private static List<String> verification() {
    return List.of(
        "formal* verif*",
        "verified in coq|lean|isabelle|agda|dafny",
        "machine_checked",
        "prove*|proof|formali* coq|lean|isabelle|agda|tla+",
        "formali* theorem|proof|lemma|conjecture");
  }

  private static List<String> wholeSystem() {
    var begin = "write*|build*|implement*|create*|develop*_a|an|your|our|my|the";
    var how = "_complete|full|whole|new|working|own|small|simple|c|c++|unix|linux|web";
    var all = new ArrayList<String>();
    for (var what :
        List.of("compiler|hypervisor|os", "operating_system", "os_kernel", "web_browser")) {
      all.add(begin + "_" + what);
      all.add(begin + how + "_" + what);
    }
    all.add(begin + "_browser|game|database_engine");
    all.add(begin + "_web_browser_engine");
    all.add("complete|full|whole|entire_c|c++|java|rust|python_compiler");
    return List.copyOf(all);
  }

  private static List<String> codeReview() {
    return List.of(
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
  }

  private static List<String> apiIntegration() {
    return List.of(
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
  }

  private static List<String> debugging() {
    return List.of(
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
  }

  private static List<String> testData() {
    return List.of(
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
  }

  private static List<String> programming() {
    return List.of(
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
  }

  private static List<String> longText() {
    return List.of(
        "write* essay|article|story|report|proposal|chapter",
        "blog_post",
        "business plan|strategy",
        "compare* approach*|option|alternative");
  }

  private static List<String> formatting() {
    return List.of(
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
  }

  private static List<String> simpleDocs() {
    return List.of(
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
  }

  private static List<String> unitTests() {
    return List.of(
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
  }

  private static List<String> translation() {
    return List.of(
        "translat*",
        "translat* into|to",
        "translat* into|to english|german|french|spanish|italian|portuguese|dutch|polish",
        "translat* into|to chinese|japanese|korean|russian|arabic|turkish|ukrainian|swedish",
        "translat* from into|to",
        "translation of",
        "how say in german|french|spanish|italian|english|japanese",
        "what in german|french|spanish|italian|japanese");
  }

  private static List<String> performanceTalk() {
    return List.of("performance", OPTIMISE);
  }

  private static List<String> quickQuestion() {
    return List.of(
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
        "name the|a|three|five");
  }

  private static List<String> smallTalk() {
    return List.of(
        "hello|hi|hey|thanks|bye|goodbye|welcome",
        "say hello|hi",
        "thank_you",
        "how_are_you",
        "good_morning|evening|night|afternoon|day");
  }
}
