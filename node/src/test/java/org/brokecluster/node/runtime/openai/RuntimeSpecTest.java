package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.brokecluster.protocol.model.Tier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeSpecTest {

  @Test
  void readsEveryOption() {
    var spec =
        RuntimeSpec.parse(
            "openai=http://127.0.0.1:9931/v1,slots=2,tier=premium,model=a/b:7b,key-env=MY_KEY");

    assertThat(spec.endpoint("/v1/models")).hasToString("http://127.0.0.1:9931/v1/models");
    assertThat(spec.slots()).hasValue(2);
    assertThat(spec.tier()).contains(Tier.PREMIUM);
    assertThat(spec.model()).contains("a/b:7b");
    assertThat(spec.keyEnv()).contains("MY_KEY");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "openai,GENERIC",
    "mlx,MLX_LM",
    "llama,LLAMA",
    "lmstudio,LM_STUDIO",
    "vllm,VLLM",
    "mlx-vlm,MLX_VLM",
    "mlx-knife,MLX_KNIFE",
    "transformers,TRANSFORMERS"
  })
  void takesTheOperatorsWordForTheKindOfServer(String kind, Dialect dialect) {
    var spec = RuntimeSpec.parse(kind + "=http://x");

    assertThat(spec.dialect()).isEqualTo(dialect);
    assertThat(spec.isOllama()).isFalse();
    assertThat(RuntimeSpec.parse("ollama=http://x").isOllama()).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "openai=http://mac:80",
        "openai=http://mac:80/",
        "openai=http://mac:80/v1",
        "openai=http://mac:80/v1/"
      })
  void takesTheAddressWithOrWithoutTheVersion(String text) {
    assertThat(RuntimeSpec.parse(text).base()).hasToString("http://mac:80");
  }

  @Test
  void keepsAPathBeforeTheVersion() {
    assertThat(RuntimeSpec.parse("openai=https://x/api/v1").endpoint("/v1/models"))
        .hasToString("https://x/api/v1/models");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "http://x|must begin with one of openai=, mlx=, llama=",
        "exo=http://x|must begin with one of",
        "ollama-v1=http://x|must begin with one of",
        "openai=|URL must be like",
        "openai=127.0.0.1:8080|URL must be like",
        "openai=ftp://x|URL must be like",
        "openai=http://a b|URL must be like",
        "openai=http://x,slots=0|slots must be 1 to 9999, is \"0\"",
        "openai=http://x,tier=huge|tier must be basic, balanced or premium",
        "openai=http://x,colour=red|unknown option \"colour\"",
        "openai=http://x,slots|option slots needs a value",
        "openai=http://x,slots=1,slots=2|option slots appears twice",
        "openai=http://x,key-env=a b|key-env must be the name"
      })
  void saysWhatIsWrongAndWhatIsAllowed(String text, String why) {
    assertThatThrownBy(() -> RuntimeSpec.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why)
        .hasMessageContaining(RuntimeSpec.FORM);
  }
}
