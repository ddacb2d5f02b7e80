package org.brokecluster.node.runtime.disk;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A folder that holds the files of one model, or should.
 *
 * @param name as people and clients write it, such as {@code mlx-community/Qwen3-4B-4bit}
 * @param path the folder with the files
 * @param cache the model's place in a Hugging Face cache, if it is in one
 */
public record ModelFolder(String name, Path path, Optional<Path> cache) {}
