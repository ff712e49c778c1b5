package io.busbar.uns.registry.quarantine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import io.busbar.api.uns.QuarantinedMessage;
import io.busbar.api.uns.Violation;
import io.busbar.testkit.storage.FakeDocuments;
import io.busbar.testkit.time.Await;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A message is either held, or whoever wanted it held is told that it is not. */
@Timeout(30)
class MessageStoreTest {
    private static final Violation WRONG =
            new Violation(
                    Violation.Code.FORMAT,
                    "",
                    null,
                    null,
                    null,
                    null,
                    "the payload is no JSON",
                    Instant.EPOCH);

    private final SlowDocuments documents = new SlowDocuments();
    private final MessageStore store =
            new MessageStore(documents, Clock.systemUTC(), new QuarantineLimits(100, 1 << 20, 7));

    /** Commits when a test lets it. */
    private static final class SlowDocuments implements Documents {
        private final FakeDocuments documents = new FakeDocuments();
        private final Semaphore commits = new Semaphore(0);
        private final CountDownLatch begun = new CountDownLatch(1);
        private volatile @Nullable Error failure;

        @Override
        public Optional<Document> get(String collection, String key) {
            return documents.get(collection, key);
        }

        @Override
        public void scan(String collection, Consumer<Document> each) {
            documents.scan(collection, each);
        }

        @Override
        public List<Document> commit(List<DocumentChange> changes) {
            begun.countDown();
            commits.acquireUninterruptibly();
            Error thrown = failure;
            if (thrown != null) {
                throw thrown;
            }
            return documents.commit(changes);
        }

        @Override
        public void commitEach(Iterable<DocumentChange> changes) {
            documents.commitEach(changes);
        }
    }

    private static Message message(String text) {
        return new Message(
                TopicName.of("t"),
                text.getBytes(StandardCharsets.UTF_8),
                Qos.AT_LEAST_ONCE,
                false,
                MessageProperties.NONE,
                Publisher.SERVER,
                1_800_000_000_000L);
    }

    /** A thread that wants a message held, and what it was told. */
    private final class Caller {
        private final CompletableFuture<@Nullable Throwable> told = new CompletableFuture<>();
        private final Thread thread;

        Caller(String text) {
            thread =
                    new Thread(
                            () -> {
                                try {
                                    store.add(message(text), WRONG, 1);
                                    told.complete(null);
                                } catch (RuntimeException e) {
                                    told.complete(e);
                                }
                            });
            thread.start();
        }

        void awaitWaiting() {
            Await.until(() -> thread.getState() == Thread.State.WAITING);
        }
    }

    private List<String> held() {
        return store.list(null, null, 100).stream()
                .map(QuarantinedMessage::message)
                .map(message -> new String(message.payload(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void interruptedWhileItWaits_isNotHeld_andOthersAre() throws Exception {
        Caller writes = new Caller("1");
        documents.begun.await();
        Caller late = new Caller("late");
        Caller waits = new Caller("2");
        late.awaitWaiting();
        waits.awaitWaiting();

        late.thread.interrupt();
        assertThat(late.told.join()).isInstanceOf(StorageException.class);
        documents.commits.release(10);

        assertThat(writes.told.join()).isNull();
        assertThat(waits.told.join()).isNull();
        assertThat(held()).containsExactlyInAnyOrder("1", "2");
        assertThat(store.stats().messages()).isEqualTo(2);
    }

    @Test
    void interruptedWhileItIsWritten_isTakenBack() throws Exception {
        Caller writes = new Caller("1");
        documents.begun.await();

        writes.thread.interrupt();
        documents.commits.release(10);

        assertThat(writes.told.join()).isInstanceOf(StorageException.class);
        assertThat(held()).isEmpty();
        assertThat(store.stats().messages()).isZero();
    }

    @Test
    void error_isToldToAllWhoWereWrittenTogether() throws Exception {
        Caller first = new Caller("1");
        documents.begun.await();
        Caller second = new Caller("2");
        Caller third = new Caller("3");
        second.awaitWaiting();
        third.awaitWaiting();

        documents.failure = new OutOfMemoryError("a test");
        documents.commits.release(2);

        for (Caller each : List.of(first, second, third)) {
            assertThat(each.told.join()).isInstanceOf(StorageException.class);
        }
        assertThat(store.stats().messages()).isZero();
        documents.failure = null;
        documents.commits.release();
        store.add(message("4"), WRONG, 1);
        assertThat(held()).containsExactly("4");
    }

    @Test
    void list_endsWhenItIsLarge_andGoesOnAfterItsLast() {
        MessageStore roomy =
                new MessageStore(
                        new FakeDocuments(),
                        Clock.systemUTC(),
                        new QuarantineLimits(100, 64 << 20, 7));
        String large = "x".repeat(3 << 20);
        for (int i = 0; i < 5; i++) {
            assertThat(roomy.add(message(i + large), WRONG, 1)).isTrue();
        }

        List<QuarantinedMessage> first = roomy.list(null, null, 100);
        List<QuarantinedMessage> second = roomy.list(null, first.get(1).id(), 100);
        List<QuarantinedMessage> third = roomy.list(null, second.get(1).id(), 100);

        assertThat(List.of(first, second, third)).extracting(List::size).containsExactly(2, 2, 1);
        assertThat(third.get(0).message().payload()[0]).isEqualTo((byte) '0');
    }

    @Test
    void diskThatFails_isTold_andWhatWasHeldStays() {
        documents.commits.release(10);
        store.add(message("1"), WRONG, 1);
        documents.documents.failCommits(true);

        assertThatThrownBy(() -> store.add(message("2"), WRONG, 1))
                .isInstanceOf(StorageException.class);

        assertThat(held()).containsExactly("1");
    }
}
