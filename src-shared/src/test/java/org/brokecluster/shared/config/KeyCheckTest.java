package org.brokecluster.shared.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyCheckTest {
  private static final String REFERENCE =
      """
      broke {
        a { b = 1, list = [] }
        aliases {}
        strategies { fast { speed = 1 } }
        open-sections { strategies = broke.strategies }
      }
      akka { loglevel = INFO }
      """;

  @Test
  void looksNoDeeperIntoSectionsThatAreOpen() {
    assertThat(problems("broke.strategies.mine { speed = 3 }, broke.aliases { gpt = x }"))
        .isEmpty();
  }

  @Test
  void leavesWhatIsNotOursToItsOwner() {
    assertThat(problems("akka.whatever = 1")).isEmpty();
  }

  @Test
  void refusesAValueWhereASectionIsMeant() {
    assertThat(problems("broke.a = 1").get(0)).startsWith("broke.a: must be a section");
  }

  @Test
  void knowsKeysThatNeedQuotes() {
    assertThat(problems("broke.a.\"x.y\" = 1").get(0)).startsWith("broke.a.\"x.y\": there is no");
  }

  private static List<String> problems(String written) {
    var problems = new ConfigProblems();
    new KeyCheck(ConfigFactory.parseString(REFERENCE))
        .check(ConfigFactory.parseString(written), problems);
    return problems.list();
  }
}
