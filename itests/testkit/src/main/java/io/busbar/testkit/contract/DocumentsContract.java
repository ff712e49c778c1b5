package io.busbar.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that every {@link Documents} must pass. Extend it to test yours. */
public abstract class DocumentsContract {
    /** An empty store; the same one for the whole test. */
    protected abstract Documents documents();

    @Test
    public void get_unknown_isEmpty() {
        assertThat(documents().get("things", "a")).isEmpty();
        assertThat(documents().scan("things")).isEmpty();
    }

    @Test
    public void commit_newDocument_hasRevisionOne() {
        List<Document> written =
                documents().commit(List.of(DocumentChange.create("things", "a", "{\"n\":1}")));

        assertThat(written).containsExactly(new Document("things", "a", "{\"n\":1}", 1));
        assertThat(documents().get("things", "a")).contains(written.get(0));
    }

    @Test
    public void commit_textOfAnyScript_isKeptExactly() {
        String json = "{\"text\":\"Größe 温度 😀 \\u0000 \\\" \"}";

        documents().commit(List.of(DocumentChange.put("things", "Größe/温度 😀", json)));

        assertThat(documents().get("things", "Größe/温度 😀"))
                .hasValueSatisfying(document -> assertThat(document.json()).isEqualTo(json));
    }

    @Test
    public void commit_replace_countsTheRevision() {
        Document first = put("a", "{}");

        Document second =
                documents().commit(List.of(DocumentChange.replace(first, "{\"n\":2}"))).get(0);

        assertThat(second.revision()).isEqualTo(2);
        assertThat(put("a", "{\"n\":3}").revision()).isEqualTo(3);
    }

    @Test
    public void commit_createOfExisting_conflicts() {
        put("a", "{\"n\":1}");

        assertThatThrownBy(
                        () ->
                                documents()
                                        .commit(
                                                List.of(
                                                        DocumentChange.create(
                                                                "things", "a", "{}"))))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("a");
        assertThat(documents().get("things", "a").orElseThrow().json()).isEqualTo("{\"n\":1}");
    }

    @Test
    public void commit_replaceOfOldRevision_conflicts() {
        Document first = put("a", "{\"n\":1}");
        put("a", "{\"n\":2}");

        assertThatThrownBy(() -> documents().commit(List.of(DocumentChange.replace(first, "{}"))))
                .isInstanceOf(ConflictException.class);
        assertThat(documents().get("things", "a").orElseThrow().json()).isEqualTo("{\"n\":2}");
    }

    @Test
    public void commit_replaceOfDeleted_conflicts() {
        Document first = put("a", "{}");
        documents().commit(List.of(DocumentChange.delete("things", "a")));

        assertThatThrownBy(() -> documents().commit(List.of(DocumentChange.replace(first, "{}"))))
                .isInstanceOf(ConflictException.class);
        assertThat(documents().get("things", "a")).isEmpty();
    }

    @Test
    public void commit_oneOfManyConflicts_changesNothing() {
        put("b", "{}");

        assertThatThrownBy(
                        () ->
                                documents()
                                        .commit(
                                                List.of(
                                                        DocumentChange.create("things", "a", "{}"),
                                                        DocumentChange.delete("things", "b"),
                                                        DocumentChange.create("things", "c", "{}"),
                                                        new DocumentChange(
                                                                "things", "c", "{}", 7))))
                .isInstanceOf(ConflictException.class);
        assertThat(documents().scan("things")).extracting(Document::key).containsExactly("b");
    }

    @Test
    public void commitEach_writesAllInOrder() {
        put("b", "{}");

        documents()
                .commitEach(
                        () ->
                                Stream.of(
                                                DocumentChange.create("things", "a", "{}"),
                                                DocumentChange.put("things", "a", "{\"n\":2}"),
                                                DocumentChange.delete("things", "b"))
                                        .iterator());

        assertThat(documents().scan("things"))
                .containsExactly(new Document("things", "a", "{\"n\":2}", 2));
    }

    @Test
    public void commitEach_thatFailsOnTheWay_changesNothing() {
        put("b", "{}");
        DocumentChange good = DocumentChange.put("things", "a", "{}");

        assertThatThrownBy(
                        () ->
                                documents()
                                        .commitEach(
                                                List.of(
                                                        good,
                                                        DocumentChange.create(
                                                                "things", "b", "{}"))))
                .isInstanceOf(ConflictException.class);
        assertThatThrownBy(
                        () ->
                                documents()
                                        .commitEach(
                                                List.of(
                                                        good,
                                                        DocumentChange.put("things", "", "{}"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () ->
                                documents()
                                        .commitEach(
                                                () ->
                                                        Stream.iterate(1, n -> n + 1)
                                                                .map(n -> n < 3 ? good : broken())
                                                                .iterator()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(documents().scan("things")).extracting(Document::key).containsExactly("b");
    }

    private static DocumentChange broken() {
        throw new IllegalStateException("no more (test)");
    }

    @Test
    public void scan_whoseConsumerFails_passesItOn() {
        put("a", "{}");

        assertThatThrownBy(() -> documents().scan("things", document -> broken()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(documents().get("things", "a")).isPresent();
    }

    @Test
    public void commit_delete_reportsRevisionZero() {
        put("a", "{\"n\":1}");

        List<Document> written =
                documents()
                        .commit(
                                List.of(
                                        DocumentChange.delete("things", "a"),
                                        DocumentChange.delete("things", "never there"),
                                        DocumentChange.create("things", "b", "{}")));

        assertThat(written)
                .containsExactly(
                        new Document("things", "a", "{}", 0),
                        new Document("things", "never there", "{}", 0),
                        new Document("things", "b", "{}", 1));
        assertThat(documents().get("things", "a")).isEmpty();
    }

    @Test
    public void commit_createAfterDelete_startsAtOne() {
        put("a", "{}");
        put("a", "{}");
        documents().commit(List.of(DocumentChange.delete("things", "a")));

        assertThat(put("a", "{}").revision()).isEqualTo(1);
    }

    @Test
    public void commit_nothing_isFine() {
        assertThat(documents().commit(List.of())).isEmpty();
    }

    @Test
    public void commit_badCollectionKeyOrText_isRefused() {
        for (DocumentChange change :
                List.of(
                        DocumentChange.put("Things", "a", "{}"),
                        DocumentChange.put("", "a", "{}"),
                        DocumentChange.put("things", "", "{}"),
                        DocumentChange.put("things", "k".repeat(256), "{}"),
                        DocumentChange.put("things", "a", "[]"))) {
            assertThatThrownBy(() -> documents().commit(List.of(change)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    public void scan_returnsOneCollectionInOrderOfKeys() {
        documents()
                .commit(
                        List.of(
                                DocumentChange.put("things", "b", "{}"),
                                DocumentChange.put("things", "B", "{}"),
                                DocumentChange.put("things", "a2", "{}"),
                                DocumentChange.put("things", "a10", "{}"),
                                DocumentChange.put("others", "a", "{}")));

        assertThat(documents().scan("things"))
                .extracting(Document::key)
                .containsExactly("B", "a10", "a2", "b");
    }

    @Test
    public void commit_fromManyThreads_losesNoUpdate() throws Exception {
        put("counter", "{\"n\":0}");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        Callable<Integer> increment =
                () -> {
                    for (int tries = 1; ; tries++) {
                        Document old = documents().get("things", "counter").orElseThrow();
                        int n = Integer.parseInt(old.json().replaceAll("\\D", ""));
                        try {
                            documents()
                                    .commit(
                                            List.of(
                                                    DocumentChange.replace(
                                                            old, "{\"n\":" + (n + 1) + "}")));
                            return tries;
                        } catch (ConflictException expected) {
                            Thread.onSpinWait();
                        }
                    }
                };

        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                results.add(threads.submit(increment));
            }
            for (Future<Integer> result : results) {
                result.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(documents().get("things", "counter"))
                .contains(new Document("things", "counter", "{\"n\":40}", 41));
    }

    private Document put(String key, String json) {
        return documents().commit(List.of(DocumentChange.put("things", key, json))).get(0);
    }
}
