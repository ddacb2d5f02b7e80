package org.brokecluster.shared.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PluginsTest {
  /** A service of the file {@code META-INF/services} beside this test. */
  public interface Greeting extends Plugin {}

  /** One that can be made. */
  public static final class Hello implements Greeting {
    @Override
    public String name() {
      return "hello";
    }
  }

  /** One that cannot. */
  public static final class Broken implements Greeting {
    public Broken() {
      throw new IllegalStateException("not today");
    }

    @Override
    public String name() {
      return "";
    }
  }

  /** One that does not know its name. */
  public static final class Nameless implements Greeting {
    @Override
    public String name() {
      throw new IllegalStateException("who am I");
    }
  }

  /** One whose name cannot be typed. */
  public static final class Blank implements Greeting {
    @Override
    public String name() {
      return " ";
    }
  }

  /** One that nobody offers. */
  public interface Unknown extends Plugin {}

  @Test
  void leavesOutWhatCannotBeMadeOrHasNoName() {
    assertThat(Plugins.of(Greeting.class)).extracting(Greeting::name).containsExactly("hello");
  }

  @Test
  void givesTheSameEachTime() {
    assertThat(Plugins.of(Greeting.class)).isEqualTo(Plugins.of(Greeting.class));
  }

  @Test
  void findsNoneWhereNobodyBringsOne() {
    assertThat(Plugins.of(Unknown.class)).isEmpty();
  }
}
