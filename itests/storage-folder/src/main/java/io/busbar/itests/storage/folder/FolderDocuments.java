package io.busbar.itests.storage.folder;

import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Documents as files: one for each, in a folder for each collection. It ranks before the store that
 * ships.
 *
 * <p>A commit is written beside, below {@code next}. It counts when that is renamed to {@code
 * commit}; then its files take their places, now or after a crash.
 */
@Component(property = "service.ranking:Integer=10")
public final class FolderDocuments implements Documents {
    private static final Pattern COLLECTION = Pattern.compile("[a-z0-9_]{1,40}");
    private static final int MAX_KEY_LENGTH = 255;

    private final Path documents;
    private final Path next;
    private final Path commit;

    /** Keeps them in the data folder. */
    @Activate
    public FolderDocuments(BundleContext context) {
        this(Path.of(context.getProperty("karaf.data"), "documents"));
    }

    /** Opens the store in a folder, or makes it. */
    FolderDocuments(Path folder) {
        documents = folder.resolve("documents");
        next = folder.resolve("next");
        commit = folder.resolve("commit");
        act(
                () -> {
                    Files.createDirectories(documents);
                    finish();
                    return documents;
                });
    }

    @Override
    public synchronized Optional<Document> get(String collection, String key) {
        return act(
                () -> {
                    finish();
                    return DocumentFile.read(DocumentFile.of(documents, collection, key));
                });
    }

    @Override
    public synchronized void scan(String collection, Consumer<Document> each) {
        List<Path> files =
                act(
                        () -> {
                            finish();
                            return sorted(documents.resolve(collection));
                        });
        for (Path file : files) {
            act(() -> DocumentFile.read(file)).ifPresent(each);
        }
    }

    private static List<Path> sorted(Path folder) throws IOException {
        record Keyed(String key, Path file) {}
        List<Keyed> found = new ArrayList<>();
        for (Path file : list(folder)) {
            found.add(new Keyed(DocumentFile.key(file), file));
        }
        found.sort(Comparator.comparing(Keyed::key));
        return found.stream().map(Keyed::file).toList();
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Override
    public List<Document> commit(List<DocumentChange> changes) {
        List<Document> written = new ArrayList<>();
        commit(changes, written::add);
        return written;
    }

    @Override
    public void commitEach(Iterable<DocumentChange> changes) {
        commit(changes, written -> {});
    }

    private synchronized void commit(Iterable<DocumentChange> changes, Consumer<Document> written) {
        act(
                () -> {
                    finish();
                    Files.createDirectory(next);
                    for (DocumentChange change : changes) {
                        written.accept(stage(change));
                    }
                    for (Path collection : list(next)) {
                        DocumentFile.force(collection);
                    }
                    DocumentFile.force(next);
                    Files.move(next, commit);
                    DocumentFile.force(commit.getParent());
                    finish();
                    return commit;
                });
    }

    /** Writes a change beside; a document that is to go has revision 0 there. */
    private Document stage(DocumentChange change) throws IOException {
        validate(change);
        Path staged = DocumentFile.of(next, change.collection(), change.key());
        Path file =
                Files.exists(staged)
                        ? staged
                        : DocumentFile.of(documents, change.collection(), change.key());
        long revision = DocumentFile.read(file).map(Document::revision).orElse(0L);
        if (change.expectedRevision() != DocumentChange.ANY
                && change.expectedRevision() != revision) {
            throw new ConflictException(
                    change.collection() + "/" + change.key() + " has revision " + revision);
        }
        String json = change.json();
        Document written =
                new Document(
                        change.collection(),
                        change.key(),
                        json == null ? "{}" : json,
                        json == null ? 0 : revision + 1);
        DocumentFile.write(staged, written);
        return written;
    }

    /** Brings a commit to its end, and removes what is left of one that never was. */
    private void finish() throws IOException {
        for (Path collection : list(commit)) {
            Path target = documents.resolve(collection.getFileName());
            Files.createDirectories(target);
            for (Path staged : list(collection)) {
                DocumentFile.place(staged, target.resolve(staged.getFileName()));
            }
            DocumentFile.force(target);
            Files.delete(collection);
        }
        Files.deleteIfExists(commit);
        for (Path collection : list(next)) {
            for (Path staged : list(collection)) {
                Files.delete(staged);
            }
            Files.delete(collection);
        }
        Files.deleteIfExists(next);
    }

    private static void validate(DocumentChange change) {
        String json = change.json();
        if (!COLLECTION.matcher(change.collection()).matches()
                || change.key().isEmpty()
                || change.key().length() > MAX_KEY_LENGTH
                || json != null && !(json.startsWith("{") && json.endsWith("}"))
                || change.expectedRevision() < DocumentChange.ANY) {
            throw new IllegalArgumentException("change: " + change + " (expected: a valid one)");
        }
    }

    private interface Action<T> {
        T run() throws IOException;
    }

    private <T> T act(Action<T> action) {
        try {
            return action.run();
        } catch (IOException e) {
            throw new StorageException(
                    "Documents in "
                            + documents.getParent()
                            + " cannot be read or written: "
                            + e
                            + ". Check the owner and the free space of the folder.",
                    e);
        }
    }
}
