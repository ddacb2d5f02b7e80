package org.brokecluster.node.pull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One model's place in the Hugging Face cache, as all tools share it:
 *
 * <pre>
 * models--OWNER--NAME/blobs/HASH               content, named by its hash
 * models--OWNER--NAME/blobs/HASH.incomplete    content on its way
 * models--OWNER--NAME/snapshots/COMMIT/PATH    a link to each blob
 * models--OWNER--NAME/refs/REVISION            the commit
 * </pre>
 *
 * A snapshot appears in one step once every blob is there and right, and the ref after it, so that
 * nobody ever sees half a model. Blocks; used by one pull at a time.
 */
final class HubCache {
  private final Path hub;
  private final HubModel model;
  private final Path folder;

  /**
   * Touches nothing yet.
   *
   * @param hub folder of the whole cache
   */
  HubCache(Path hub, HubModel model) {
    this.hub = hub;
    this.model = model;
    this.folder = hub.resolve(model.folder());
  }

  /**
   * The folder of the cache: as configured, else where the tools of Hugging Face look: {@code
   * HF_HUB_CACHE}, {@code HF_HOME}, {@code XDG_CACHE_HOME}, {@code ~/.cache}.
   */
  static Path locate(Optional<Path> configured, Map<String, String> environment) {
    if (configured.isPresent()) {
      return configured.get().toAbsolutePath();
    }
    var user = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", ".")));
    var hub = folder(environment.get("HF_HUB_CACHE"), user);
    if (hub != null) {
      return hub;
    }
    var home = folder(environment.get("HF_HOME"), user);
    if (home != null) {
      return home.resolve("hub");
    }
    var caches = folder(environment.get("XDG_CACHE_HOME"), user);
    return (caches == null ? user.resolve(".cache") : caches).resolve("huggingface").resolve("hub");
  }

  private static @Nullable Path folder(@Nullable String text, Path user) {
    if (text == null || text.isBlank()) {
      return null;
    }
    return text.startsWith("~/") ? user.resolve(text.substring(2)) : Path.of(text).toAbsolutePath();
  }

  /** The folder of this model. */
  Path folder() {
    return folder;
  }

  /** Keeps every other process from fetching this model. */
  interface Lock extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  /**
   * Takes the model, making its folders.
   *
   * @return nothing if another process has it
   */
  Optional<Lock> lock() throws IOException {
    Files.createDirectories(folder.resolve("blobs"));
    var locks = Files.createDirectories(hub.resolve(".locks").resolve(model.folder()));
    var channel =
        FileChannel.open(
            locks.resolve("broke-pull.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return Optional.of(channel::close);
      }
    } catch (OverlappingFileLockException e) {
      // Another pull of this very process has it, which is an answer like the other.
    }
    channel.close();
    return Optional.empty();
  }

  /** Where a file's content belongs. */
  Path blob(HubFile file) {
    return folder.resolve("blobs").resolve(file.hash().hex());
  }

  /** Where a file's content is gathered. */
  Path partial(HubFile file) {
    return folder.resolve("blobs").resolve(file.hash().hex() + ".incomplete");
  }

  /** Whether a file's content is here, going by its name and size. */
  boolean has(HubFile file) throws IOException {
    var blob = blob(file);
    return Files.isRegularFile(blob) && Files.size(blob) == file.size();
  }

  /** Bytes of a file that are here. */
  long bytesHere(HubFile file) throws IOException {
    if (has(file)) {
      return file.size();
    }
    var partial = partial(file);
    return Files.isRegularFile(partial) ? Math.min(file.size(), Files.size(partial)) : 0;
  }

  /** Space that programs may still use on the disk of the cache. */
  long freeBytes() throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  /** Shows the model to everybody, now that every blob is there. */
  void publish(HubListing listing, List<HubFile> files) throws IOException {
    var snapshots = Files.createDirectories(folder.resolve("snapshots"));
    var snapshot = snapshots.resolve(listing.commit());
    if (Files.isDirectory(snapshot)) {
      link(snapshot, files);
    } else {
      var hidden = folder.resolve("." + listing.commit() + ".incomplete");
      link(hidden, files);
      move(hidden, snapshot, files);
    }
    write(folder.resolve("refs").resolve(model.revision()), listing.commit());
  }

  /** Another tool may have made the snapshot in the meantime; its links are as good as ours. */
  private static void move(Path hidden, Path snapshot, List<HubFile> files) throws IOException {
    try {
      Files.move(hidden, snapshot, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
      link(snapshot, files);
    }
  }

  private static void link(Path snapshot, List<HubFile> files) throws IOException {
    for (var file : files) {
      var link = snapshot.resolve(file.path());
      Files.createDirectories(link.getParent());
      var target = Path.of("../".repeat(file.depth() + 2) + "blobs/" + file.hash().hex());
      if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
        continue;
      }
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, target);
    }
  }

  private static void write(Path ref, String commit) throws IOException {
    Files.createDirectories(ref.getParent());
    var next = ref.resolveSibling(ref.getFileName() + ".tmp");
    Files.writeString(next, commit, StandardCharsets.US_ASCII);
    Files.move(next, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Whether the model is shown to everybody at this commit with all these files. */
  boolean isPublished(HubListing listing, List<HubFile> files) throws IOException {
    var ref = folder.resolve("refs").resolve(model.revision());
    if (!Files.isRegularFile(ref)
        || !Files.readString(ref, StandardCharsets.ISO_8859_1).strip().equals(listing.commit())) {
      return false;
    }
    var snapshot = folder.resolve("snapshots").resolve(listing.commit());
    for (var file : files) {
      var shown = snapshot.resolve(file.path());
      if (!Files.isRegularFile(shown) || Files.size(shown) != file.size()) {
        return false;
      }
    }
    return true;
  }
}
