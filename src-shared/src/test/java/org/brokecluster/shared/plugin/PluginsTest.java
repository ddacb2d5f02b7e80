package org.brokecluster.shared.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PluginsTest {
  /** A service of the file {@code META-INF/services} beside this test. */
  public interface Greeting {
    String text();
  }

  /** One that can be made. */
  public static final class Hello implements Greeting {
    @Override
    public String text() {
      return "hello";
    }
  }

  /** One that cannot. */
  public static final class Broken implements Greeting {
    public Broken() {
      throw new IllegalStateException("not today");
    }

    @Override
    public String text() {
      return "";
    }
  }

  @Test
  void leavesOutWhatCannotBeMade() {
    assertThat(Plugins.of(Greeting.class)).extracting(Greeting::text).containsExactly("hello");
  }

  @Test
  void givesTheSameEachTime() {
    assertThat(Plugins.of(Greeting.class)).isEqualTo(Plugins.of(Greeting.class));
  }

  @Test
  void findsNoneWhereNobodyBringsOne() {
    assertThat(Plugins.of(Runnable.class)).isEmpty();
  }
}
