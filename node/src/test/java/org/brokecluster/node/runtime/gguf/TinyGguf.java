package org.brokecluster.node.runtime.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Writes a model of a few hundred kilobytes, in version 3 of the GGUF format: a llama of two layers
 * whose vocabulary is the 256 bytes and some words. Its weights are random, but that each word
 * calls for the one behind it: so it says the words in their order until it is stopped. That is the
 * same each time, on whatever processor, and at any usual temperature.
 */
final class TinyGguf {
  private static final int WIDTH = 64;
  private static final int INNER = 128;
  private static final int HEADS = 4;
  private static final int LAYERS = 2;

  /** The first token for a byte; three that control stand before it. */
  private static final int BYTES = 3;

  /** The first token for a word. */
  private static final int WORDS = BYTES + 256;

  /** The bytes of an "ü", said after the first word: no single token gives that character. */
  private static final int FIRST_BYTE = BYTES + 0xC3;

  private static final int SECOND_BYTE = BYTES + 0xBC;

  private static final String INPUT = "token_embd.weight";
  private static final String OUTPUT = "output.weight";
  private static final int ALIGNMENT = 32;
  private static final int UINT32 = 4;
  private static final int INT32 = 5;
  private static final int FLOAT32 = 6;
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  private final ByteArrayOutputStream facts = new ByteArrayOutputStream();
  private final List<Tensor> tensors = new ArrayList<>();
  private int count;

  private record Tensor(String name, List<Integer> shape) {
    int size() {
      int size = 1;
      for (int side : shape) {
        size *= side;
      }
      return size;
    }
  }

  private TinyGguf() {}

  /** Writes the file. */
  static Path write(Path file) throws IOException {
    return new TinyGguf().to(file);
  }

  private Path to(Path file) throws IOException {
    var tokens = tokens();
    facts(tokens);
    tensors(tokens.size());
    var out = new ByteArrayOutputStream();
    out.write("GGUF".getBytes(UTF_8));
    out.write(le(20).putInt(3).putLong(tensors.size()).putLong(count).array());
    facts.writeTo(out);
    long offset = 0;
    for (var tensor : tensors) {
      out.write(string(tensor.name));
      out.write(le(4).putInt(tensor.shape.size()).array());
      for (int side : tensor.shape) {
        out.write(le(8).putLong(side).array());
      }
      out.write(le(12).putInt(0).putLong(offset).array());
      offset += padded(4L * tensor.size());
    }
    pad(out);
    var random = new Random(1);
    var input = new float[0];
    for (var tensor : tensors) {
      var weights = tensor.name.equals(OUTPUT) ? successors(input) : weights(tensor, random);
      if (tensor.name.equals(INPUT)) {
        likenAllButWords(weights);
        input = weights;
      }
      out.write(bytes(weights));
      pad(out);
    }
    return Files.write(file, out.toByteArray());
  }

  private static byte[] bytes(float[] weights) {
    var bytes = new byte[Float.BYTES * weights.length];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(weights);
    return bytes;
  }

  /** Layers that only whisper, so that what a token calls for is heard. */
  private static float[] weights(Tensor tensor, Random random) {
    var weights = new float[tensor.size()];
    double spread = tensor.name.equals(INPUT) ? 0.15 : 0.02;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = tensor.shape.size() == 1 ? 1f : (float) (spread * random.nextGaussian());
    }
    return weights;
  }

  /** So that any of them calls for the first word. */
  private static void likenAllButWords(float[] input) {
    for (int token = 1; token < WORDS; token++) {
      if (token != FIRST_BYTE && token != SECOND_BYTE) {
        System.arraycopy(input, 0, input, token * WIDTH, WIDTH);
      }
    }
  }

  /** What an output row looks for is what the token before it puts in. */
  private static float[] successors(float[] input) {
    var output = new float[input.length];
    int tokens = input.length / WIDTH;
    for (int token = 0; token < tokens; token++) {
      int next = WORDS + (token - WORDS + 1) % (tokens - WORDS);
      if (token == WORDS) {
        call(FIRST_BYTE, token, input, output);
        call(SECOND_BYTE, FIRST_BYTE, input, output);
        call(next, SECOND_BYTE, input, output);
      } else if (token > WORDS) {
        call(next, token, input, output);
      }
    }
    call(WORDS, 0, input, output);
    return output;
  }

  private static void call(int next, int token, float[] input, float[] output) {
    for (int i = 0; i < WIDTH; i++) {
      output[next * WIDTH + i] += 3 * input[token * WIDTH + i];
    }
  }

  private static List<String> tokens() {
    var tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int value = 0; value < 256; value++) {
      tokens.add("<0x%02X>".formatted(value));
    }
    for (char letter = 'a'; letter <= 'z'; letter++) {
      tokens.add("▁" + letter + letter + letter);
      tokens.add(String.valueOf(letter));
      tokens.add("▁" + letter + "lantern" + letter);
    }
    tokens.add("▁");
    return tokens;
  }

  private void facts(List<String> tokens) {
    text("general.architecture", "llama");
    text("general.name", "tiny");
    number("llama.context_length", 2048);
    number("llama.embedding_length", WIDTH);
    number("llama.block_count", LAYERS);
    number("llama.feed_forward_length", INNER);
    number("llama.attention.head_count", HEADS);
    number("llama.attention.head_count_kv", HEADS);
    number("llama.rope.dimension_count", WIDTH / HEADS);
    number("general.file_type", 0);
    key("llama.attention.layer_norm_rms_epsilon", FLOAT32);
    facts.writeBytes(le(4).putFloat(1e-5f).array());
    text("tokenizer.ggml.model", "llama");
    array("tokenizer.ggml.tokens", STRING, tokens.size());
    tokens.forEach(token -> facts.writeBytes(string(token)));
    array("tokenizer.ggml.scores", FLOAT32, tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      facts.writeBytes(le(4).putFloat(i < WORDS ? 0f : -i).array());
    }
    array("tokenizer.ggml.token_type", INT32, tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      int type = i == 0 ? 2 : i < BYTES ? 3 : i < WORDS ? 6 : 1;
      facts.writeBytes(le(4).putInt(type).array());
    }
    number("tokenizer.ggml.bos_token_id", 1);
    number("tokenizer.ggml.eos_token_id", 2);
    number("tokenizer.ggml.unknown_token_id", 0);
  }

  private void tensors(int words) {
    tensor(INPUT, WIDTH, words);
    tensor("output_norm.weight", WIDTH);
    tensor(OUTPUT, WIDTH, words);
    for (int layer = 0; layer < LAYERS; layer++) {
      var block = "blk." + layer + ".";
      tensor(block + "attn_norm.weight", WIDTH);
      for (var part : List.of("q", "k", "v", "output")) {
        tensor(block + "attn_" + part + ".weight", WIDTH, WIDTH);
      }
      tensor(block + "ffn_norm.weight", WIDTH);
      tensor(block + "ffn_gate.weight", WIDTH, INNER);
      tensor(block + "ffn_up.weight", WIDTH, INNER);
      tensor(block + "ffn_down.weight", INNER, WIDTH);
    }
  }

  private void tensor(String name, int... shape) {
    tensors.add(new Tensor(name, Arrays.stream(shape).boxed().toList()));
  }

  private void text(String key, String value) {
    key(key, STRING);
    facts.writeBytes(string(value));
  }

  private void number(String key, int value) {
    key(key, UINT32);
    facts.writeBytes(le(4).putInt(value).array());
  }

  private void array(String key, int type, int size) {
    key(key, ARRAY);
    facts.writeBytes(le(12).putInt(type).putLong(size).array());
  }

  private void key(String key, int type) {
    count++;
    facts.writeBytes(string(key));
    facts.writeBytes(le(4).putInt(type).array());
  }

  private static byte[] string(String text) {
    var bytes = text.getBytes(UTF_8);
    return le(8 + bytes.length).putLong(bytes.length).put(bytes).array();
  }

  private static void pad(ByteArrayOutputStream out) {
    while (out.size() % ALIGNMENT != 0) {
      out.write(0);
    }
  }

  private static long padded(long size) {
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static ByteBuffer le(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
