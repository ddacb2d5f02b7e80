package org.brokecluster.coordinator.collect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
  private static final String UPPER = LOWER.toUpperCase(java.util.Locale.ROOT);
  private static final String DIGITS = "0123456789";
  private static final String WORDS = LOWER + UPPER + DIGITS;
  private static final List<String> PROSE =
      List.of(
          "Please explain why this does not compile.",
          "def add(a, b):\n    return a + b\n",
          "The key question is who bears the token of love.",
          "for (var token : tokens) { token = tokenizer.next(); }",
          "password = getPassword(user)",
          "see https://example.org/home/products/42?x=1#top and /usr/local/bin",
          "a@Override\nvoid run() {} // react@18.2.0",
          "{\"max_tokens\": 200, \"secretary\": \"Ms Miller\"}",
          "SELECT * FROM t WHERE id = 'AKI' -- risk-based, task-oriented-thing",
          "Übergrößenträger 数学 \uD83D\uDE80 line\r\nnext\tend");

  private final Redactor redactor = new Redactor(List.of());

  /** A secret in a text, and the part of it that must be gone. */
  private record Secret(String kind, String text, String gone) {
    private static Secret of(String kind, String text) {
      return new Secret(kind, text, text);
    }
  }

  @Test
  void noSecretIsLeftInAThousandTexts() {
    for (long seed = 0; seed < 1000; seed++) {
      var random = new Random(seed);
      var secret = secret(random);
      var before = PROSE.get(random.nextInt(PROSE.size()));
      var after = PROSE.get(random.nextInt(PROSE.size()));
      var counts = new HashMap<String, Integer>();

      var result = redactor.redact(before + "\n" + secret.text() + "\n" + after, counts);

      assertThat(result).as("seed %d %s", seed, secret).doesNotContain(secret.gone());
      assertThat(counts).as("seed %d %s", seed, secret).containsKey(secret.kind());
      assertThat(result).as("seed %d", seed).startsWith(before + "\n").endsWith("\n" + after);
      assertThat(redactor.redact(result, new HashMap<>())).as("twice").isEqualTo(result);
    }
  }

  @Test
  void leavesOrdinaryTextsAsTheyAre() {
    for (var text : PROSE) {
      var counts = new HashMap<String, Integer>();
      assertThat(redactor.redact(text, counts)).isEqualTo(text);
      assertThat(counts).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mail ada@example.org now|mail [email] now",
        "open /Users/ada/code/x.py|open /Users/[user]/code/x.py",
        "open \"/home/ada\" please|open \"/home/[user]\" please",
        "C:\\Users\\ada\\x|C:\\Users\\[user]\\x",
        "postgres://broke:hunter2@db:5432/x|postgres://broke:[password]@db:5432/x",
        "Authorization: Bearer abcdef0123456789abcdef|Authorization: Bearer [token]",
        "authorization: basic dXNlcjpwYXNz|authorization: basic [token]",
        "{\"api_key\":\"hunter2hunter\"}|{\"api_key\":\"[password]\"}",
        "\\\"password\\\": \\\"hunter2hunter\\\"|\\\"password\\\": \\\"[password]\\\"",
        "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG|AWS_SECRET_ACCESS_KEY=[password]",
        "git clone git@github.com:a/b.git|git clone [email]:a/b.git",
        "müller.ünal@straße.de|[email]"
      })
  void putsAWordInThePlaceOfASecret(String text, String expected) {
    assertThat(redactor.redact(text, new HashMap<>())).isEqualTo(expected);
  }

  @Test
  void takesOutPrivateKeysAlsoWithoutTheirEnd() {
    var lines = "MIIEow+/x9\n".repeat(30);
    var whole =
        "a -----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-256-CBC,1\n"
            + lines
            + "-----END RSA PRIVATE KEY----- b";
    var escaped = whole.replace("\n", "\\n");
    var cut = "a -----BEGIN OPENSSH PRIVATE KEY-----\n" + lines;
    var counts = new HashMap<String, Integer>();

    assertThat(redactor.redact(whole + whole, counts))
        .isEqualTo("a [private-key] ba [private-key] b");
    assertThat(redactor.redact(escaped, counts)).isEqualTo("a [private-key] b");
    assertThat(redactor.redact(cut, counts)).isEqualTo("a [private-key]");
    assertThat(counts).containsEntry("private-key", 4);
    var open = "-----BEGIN CERTIFICATE-----\nMIIEow\n-----END CERTIFICATE-----";
    assertThat(redactor.redact(open, counts)).isEqualTo(open);
  }

  @Test
  void takesOutWhatTheOperatorsPatternsFind() {
    var own = new Redactor(List.of(Pattern.compile("PRJ-[0-9]{4}"), Pattern.compile("x*")));
    var counts = new HashMap<String, Integer>();

    assertThat(own.redact("about PRJ-2041 and $1", counts)).isEqualTo("about [redacted] and $1");
    assertThat(counts).isEqualTo(Map.of("own-pattern", 1));
  }

  @Test
  void leavesATextOutThatTakesAPatternTooLong() {
    var own = new Redactor(List.of(Pattern.compile("(a+)+b")));
    var counts = new HashMap<String, Integer>();

    assertThat(own.redact("a".repeat(5_000), counts)).isEqualTo(Redactor.LEFT_OUT);
    assertThat(own.redact("short", counts)).isEqualTo("short");
    assertThat(counts).isEqualTo(Map.of("left-out", 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a", "eyJ", "eyJa.", "sk-", "-----BEGIN PRIVATE KEY-----", "-", "@", "a@", "a.", "/home/",
        "bearer ", "secret=", "secret", "token", "http://a:", "AKIA", " ", "\\", "\"",
            "eyJaaaaaaaaa.",
        "a-b@c.", "xox", "é", "C:\\Users\\", "password: \"", "=", "0", "a@b.", "http://"
      })
  void goesThroughHostileTextsInTimeThatGrowsWithTheirLength(String piece) {
    var text = piece.repeat(60_000 / piece.length());

    var result = redactor.redact(text, new HashMap<>());

    assertThat(result).doesNotContain(Redactor.LEFT_OUT);
  }

  @Test
  void redactsEveryTextInAnObject() throws Exception {
    var json =
        new ObjectMapper().readTree("{\"a\":[{\"b\":\"x@y.org\"},1,null],\"c\":\"/home/ada/x\"}");
    var counts = new HashMap<String, Integer>();

    assertThat(redactor.redact(json, counts))
        .hasToString("{\"a\":[{\"b\":\"[email]\"},1,null],\"c\":\"/home/[user]/x\"}");
    assertThat(counts).isEqualTo(Map.of("email", 1, "home-path", 1));
  }

  private static Secret secret(Random random) {
    var kinds = new ArrayList<Secret>();
    kinds.add(Secret.of("api-key", "sk-proj-" + some(random, WORDS + "_-", 40)));
    kinds.add(Secret.of("api-key", "sk-" + some(random, WORDS, 48)));
    kinds.add(Secret.of("api-key", "ghp_" + some(random, WORDS, 36)));
    kinds.add(Secret.of("api-key", "github_pat_" + some(random, WORDS + "_", 60)));
    kinds.add(Secret.of("api-key", "hf_" + some(random, WORDS, 34)));
    kinds.add(Secret.of("api-key", "xoxb-" + some(random, DIGITS + "-" + LOWER, 40)));
    kinds.add(Secret.of("aws-key", "AKIA" + some(random, UPPER + "234567", 16)));
    var part = "eyJ" + some(random, WORDS + "_-", 30);
    kinds.add(Secret.of("token", part + "." + some(random, WORDS + "_-", 80) + ".sig"));
    var bearer = some(random, WORDS + "._~+/", 39) + "7";
    kinds.add(new Secret("bearer", "curl -H 'Authorization: Bearer " + bearer + "'", bearer));
    var password = some(random, WORDS + "!$%&", 14);
    kinds.add(new Secret("password", "  db_password: \"" + password + "\"", password));
    kinds.add(new Secret("password", "amqp://me:" + password + "@mq/", password));
    var bytes = new byte[400];
    random.nextBytes(bytes);
    var key = Base64.getMimeEncoder().encodeToString(bytes);
    kinds.add(
        new Secret(
            "private-key",
            "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----",
            key.substring(30, 60)));
    var mail = some(random, LOWER, 6) + "." + some(random, LOWER, 5) + "@" + some(random, LOWER, 7);
    kinds.add(new Secret("email", "<" + mail + ".co.uk>", mail));
    var user = some(random, LOWER + DIGITS, 8);
    kinds.add(new Secret("home-path", "File \"/Users/" + user + "/a b.py\", line 3", user));
    return kinds.get(random.nextInt(kinds.size()));
  }

  private static String some(Random random, String of, int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(of.charAt(random.nextInt(of.length())));
    }
    return text.toString();
  }
}
