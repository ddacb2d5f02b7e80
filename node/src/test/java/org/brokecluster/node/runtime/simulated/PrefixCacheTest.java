package org.brokecluster.node.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixCacheTest {
  private static final int BLOCK_CHARS = PromptBlocks.BLOCK_TOKENS * 4;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void findsThePartThatTwoPromptsShare(long seed) {
    var random = new Random(seed);
    var shared = text(random, 1 + random.nextInt(3000));
    var cache = new PrefixCache(1000);
    cache.remember(prompt(shared + "!" + text(random, 2000)));

    int cached = cache.cachedTokens(prompt(shared + "?" + text(random, 2000)));

    assertThat(cached).isEqualTo(shared.length() / BLOCK_CHARS * PromptBlocks.BLOCK_TOKENS);
  }

  @Test
  void leavesAtLeastOneTokenToRead() {
    var cache = new PrefixCache(1000);
    var prompt = prompt("x".repeat(BLOCK_CHARS * 2));
    cache.remember(prompt);

    assertThat(cache.cachedTokens(prompt)).isEqualTo(2 * PromptBlocks.BLOCK_TOKENS - 1);
  }

  @Test
  void forgetsTheLeastRecentlyUsedBlocksAndTheEndsOfPromptsFirst() {
    var random = new Random(1);
    var cache = new PrefixCache(10);
    var older = prompt(text(random, BLOCK_CHARS * 8));
    var newer = prompt(text(random, BLOCK_CHARS * 8));

    cache.remember(older);
    cache.remember(newer);

    assertThat(cache.cachedTokens(older)).isEqualTo(2 * PromptBlocks.BLOCK_TOKENS);
    assertThat(cache.cachedTokens(newer)).isEqualTo(8 * PromptBlocks.BLOCK_TOKENS - 1);
  }

  @Test
  void doesNotTakeEqualTextBehindOtherTextForThePrefix() {
    var cache = new PrefixCache(10);
    cache.remember(prompt("a".repeat(BLOCK_CHARS) + "b".repeat(BLOCK_CHARS)));

    assertThat(cache.cachedTokens(prompt("b".repeat(BLOCK_CHARS * 2)))).isZero();
  }

  private static PromptBlocks prompt(String text) {
    var blocks = new PromptBlocks();
    blocks.append(text);
    return blocks;
  }

  private static String text(Random random, int length) {
    var text = new StringBuilder();
    random.ints(length, 'a', 'z' + 1).forEach(letter -> text.append((char) letter));
    return text.toString();
  }
}
