package org.brokecluster.node.pull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a model consists of at one commit.
 *
 * @param commit the commit, 40 hexadecimal digits
 * @param files every file whose hash the hub tells
 */
record HubListing(String commit, List<HubFile> files) {
  private static final ObjectReader READER = new ObjectMapper().reader();
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /** Copies the list. */
  HubListing {
    files = List.copyOf(files);
  }

  /**
   * Reads the hub's answer.
   *
   * @param filesMax a model of more files is refused
   */
  static HubListing parse(byte[] json, int filesMax) throws PullException {
    try {
      var answer = READER.readTree(json);
      var commit = answer.path("sha").asText("");
      if (!COMMIT.matcher(commit).matches() || !answer.path("siblings").isArray()) {
        throw PullException.lasting("the hub's answer is not the description of a model");
      }
      if (answer.path("siblings").size() > filesMax) {
        throw PullException.lasting(
            "the model has more than %d files (broke.node.pull.files-max)".formatted(filesMax));
      }
      var files = new ArrayList<HubFile>();
      for (var sibling : answer.path("siblings")) {
        file(sibling).ifPresent(files::add);
      }
      return new HubListing(commit, files);
    } catch (IOException e) {
      throw PullException.lasting("the hub's answer is not JSON");
    }
  }

  private static Optional<HubFile> file(JsonNode sibling) throws PullException {
    var path = sibling.path("rfilename").asText("");
    if (!HubFile.isSafe(path)) {
      throw PullException.lasting("the hub names a file outside of the model's folder");
    }
    var lfs = sibling.path("lfs");
    long size = sibling.path("size").asLong(lfs.path("size").asLong(-1));
    var sha256 = lfs.path("sha256").asText("");
    var git = sibling.path("blobId").asText("");
    try {
      if (size >= 0 && !sha256.isEmpty()) {
        return Optional.of(new HubFile(path, size, new BlobHash(BlobHash.Kind.SHA256, sha256)));
      }
      return size >= 0 && !git.isEmpty()
          ? Optional.of(new HubFile(path, size, new BlobHash(BlobHash.Kind.GIT, git)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      throw PullException.lasting("the hub tells no usable hash of " + path);
    }
  }
}
