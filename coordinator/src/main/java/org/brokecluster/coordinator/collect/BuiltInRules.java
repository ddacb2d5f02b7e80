package org.brokecluster.coordinator.collect;

import java.util.List;

/** What is taken out of every text that leaves, in this order; see {@link RedactionRule}. */
final class BuiltInRules {
  private static final String SECRET_NAME =
      "(?i)((?:secret|token|passw(?:or)?d|passphrase|pwd|api[_-]?key|access[_-]?key|auth[_-]?key)"
          + "[a-z0-9_-]{0,20}+[\"'\\\\]{0,3}\\s{0,5}+[:=]>?\\s{0,5}+)";

  static final List<RedactionRule> ALL =
      List.of(
          // JSON Web Tokens: two or three parts in base64url, the first beginning with {".
          RedactionRule.of(
              "token",
              "(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,4000}+\\.[A-Za-z0-9_-]{8,8000}+"
                  + "(?:\\.[A-Za-z0-9_-]{0,4000}+)?",
              "[token]"),
          // OpenAI, Anthropic, OpenRouter and others.
          RedactionRule.of("api-key", "(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{16,400}+", "[api-key]"),
          // Stripe.
          RedactionRule.of(
              "api-key",
              "(?<![A-Za-z0-9])(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{10,200}+",
              "[api-key]"),
          // GitHub, GitLab.
          RedactionRule.of(
              "api-key",
              "(?<![A-Za-z0-9_])(?:gh[pousr]_[A-Za-z0-9]{20,255}+"
                  + "|github_pat_[A-Za-z0-9_]{20,255}+|glpat-[A-Za-z0-9_-]{16,64}+)",
              "[api-key]"),
          // Hugging Face, Google, Slack, npm.
          RedactionRule.of(
              "api-key",
              "(?<![A-Za-z0-9_])(?:hf_[A-Za-z0-9]{20,100}+|AIza[A-Za-z0-9_-]{30,50}+"
                  + "|xox[abeoprs]-[A-Za-z0-9-]{10,250}+|npm_[A-Za-z0-9]{30,50}+)",
              "[api-key]"),
          // AWS key ids; the secret beside one is found by its name.
          RedactionRule.of(
              "aws-key",
              "(?<![A-Za-z0-9])(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])",
              "[aws-key]"),
          RedactionRule.of(
              "bearer",
              "(?i)(?<![a-z0-9])(bearer\\s{1,5}+)(?=[a-z._~+/=-]{0,200}+[0-9])"
                  + "[a-z0-9._~+/=-]{16,4000}+",
              "$1[token]"),
          RedactionRule.of(
              "bearer",
              "(?i)(authorization[\"']?\\s{0,3}+[:=]\\s{0,3}+[\"']?basic\\s{1,5}+)"
                  + "[a-z0-9+/=]{8,4000}+",
              "$1[token]"),
          // scheme://name:password@host
          RedactionRule.of(
              "password",
              "(?<![A-Za-z0-9+.-])([a-z][a-z0-9+.-]{1,20}+://[^\\s:/@\"']{0,100}+:)"
                  + "[^\\s/@\"'\\[]{1,200}+(?=@)",
              "$1[password]"),
          // name = "something quoted"
          RedactionRule.of(
              "password",
              SECRET_NAME + "(\\\\?[\"'])[^\\s\"'\\\\\\[]{6,400}+(?=\\\\?[\"'])",
              "$1$2[password]"),
          // NAME=somethingLong0, where it has digits and so is no word of a program
          RedactionRule.of(
              "password",
              SECRET_NAME + "(?=[A-Za-z/+_=-]{0,400}+[0-9])[A-Za-z0-9/+_=-]{16,400}+",
              "$1[password]"),
          RedactionRule.of(
              "email",
              "(?<![\\p{L}\\p{N}._%+-])[\\p{L}\\p{N}._%+-]{1,64}+@"
                  + "(?:[\\p{L}\\p{N}-]{1,63}+\\.){1,8}+[\\p{L}]{2,24}+",
              "[email]"),
          RedactionRule.of(
              "home-path",
              "(?<![\\w.~-])(/(?:Users|home)/)(?!Shared\\b)[^/\\s\"'`<>|:*?\\\\\\[\\](){},;]{1,100}+",
              "$1[user]"),
          RedactionRule.of(
              "home-path",
              "(?i)(?<![\\w])([a-z]:(?:\\\\{1,2}|/)users(?:\\\\{1,2}|/))"
                  + "(?!public\\b)[^/\\\\\\s\"'`<>|:*?\\[\\](){},;]{1,100}+",
              "$1[user]"));

  private BuiltInRules() {}
}
