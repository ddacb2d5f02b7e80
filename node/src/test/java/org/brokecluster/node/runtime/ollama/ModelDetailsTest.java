package org.brokecluster.node.runtime.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.brokecluster.protocol.model.Ability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelDetailsTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @Test
  void readsSizeContextAndAbilities() throws Exception {
    var details =
        read(
            "{'model_info':{'general.architecture':'gptoss','general.parameter_count':20914757184,"
                + "'gptoss.context_length':131072},'capabilities':['completion','tools','thinking']}");

    assertThat(details.parameters()).isEqualTo(20_914_757_184L);
    assertThat(details.contextLength()).isEqualTo(131_072);
    assertThat(details.thinks()).isTrue();
    assertThat(details.thinksByDegree()).isTrue();
    assertThat(details.abilities(false))
        .contains(Ability.TOOLS, Ability.COMPLETION)
        .doesNotContain(Ability.LOGPROBS, Ability.VISION, Ability.TOOL_CHOICE);
    assertThat(details.abilities(true)).contains(Ability.LOGPROBS);
  }

  @Test
  void reliesOnTheTemplateWhereAnOldVersionTellsNothingElse() throws Exception {
    assertThat(read("{'template':'{{ if .Tools }}x{{ end }}'}").abilities(false))
        .contains(Ability.CHAT, Ability.TOOLS);
    assertThat(read("{}").abilities(false)).contains(Ability.CHAT).doesNotContain(Ability.TOOLS);
    assertThat(read("{}").contextLength()).isNull();
  }

  @Test
  void givesAModelThatOnlyEmbedsNoChats() throws Exception {
    assertThat(read("{'capabilities':['embedding']}").abilities(true))
        .containsExactly(Ability.EMBEDDING);
    assertThat(read("{'capabilities':['image']}").abilities(true)).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "0.12.11,true",
    "0.12.10,false",
    "0.13.0-rc1,true",
    "1.0.0,true",
    "0.6.2,false",
    "nonsense,false"
  })
  void knowsWhichVersionsGiveLogProbabilities(String version, boolean gives) {
    assertThat(OllamaVersion.parse(version).givesLogprobs()).isEqualTo(gives);
  }

  private static ModelDetails read(String json) throws Exception {
    return ModelDetails.read(MAPPER.readTree(json.replace('\'', '"')));
  }
}
