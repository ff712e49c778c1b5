package io.busbar.mqtt.broker.transfer;

import static io.busbar.mqtt.broker.Proxies.proxy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.mqtt.broker.loop.Shards;
import io.busbar.mqtt.broker.session.Admission;
import io.busbar.storage.memory.MemoryStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients go on while their sessions are read, page by page. */
class KeptSessionsTest {
    private static final long SESSION = 5;
    private static final int MESSAGES = 300; // more than a page
    private static final Message MESSAGE =
            new Message(
                    TopicName.of("t"),
                    new byte[] {1},
                    Qos.EXACTLY_ONCE,
                    false,
                    MessageProperties.NONE,
                    Publisher.SERVER,
                    1_000);
    private static final Delivery EXACTLY_ONCE =
            new Delivery(Qos.EXACTLY_ONCE, false, new int[0], null);

    private final Shards shards = Shards.own(new MemoryStore());
    private final ShardOwner owner = shards.owners().get(0);
    private final List<String> damage = new ArrayList<>();
    private KeptSessions walk;

    @BeforeEach
    void begin() {
        write(
                batch ->
                        batch.putSession(
                                new SessionRecord(SESSION, "a", "x", "", 60, 1, 2, null, 0)));
        walk = walk(owner.view());
    }

    @AfterEach
    void end() {
        shards.close();
    }

    private KeptSessions walk(ShardView view) {
        return new KeptSessions(
                List.of(new Admission.Kept("a", view, SESSION)).iterator(), damage::add);
    }

    private void write(Consumer<StoreBatch> changes) {
        StoreBatch batch = owner.newBatch();
        changes.accept(batch);
        owner.commit(batch, Durability.MEMORY).toCompletableFuture().join();
    }

    private void queue(boolean sent) {
        write(
                batch -> {
                    int body = batch.message(MESSAGE);
                    for (int i = 1; i <= MESSAGES; i++) {
                        batch.enqueue(SESSION, i, body, EXACTLY_ONCE, sent ? i : 0);
                    }
                });
    }

    private int firstPage() {
        assertThat(walk.next()).isNotNull();
        List<QueuedMessage> page = walk.messages();
        assertThat(page).hasSizeLessThan(MESSAGES);
        return page.size();
    }

    @Test
    void messages_thatAreSentWhileTheyAreRead_waitBehindThoseThatWaited() {
        queue(false);
        int read = firstPage();
        write(
                batch -> {
                    batch.outbound(SESSION, MESSAGES - 1, 1, OutboundState.PUBLISHED);
                    batch.outbound(SESSION, MESSAGES, 2, OutboundState.RELEASED);
                });

        List<QueuedMessage> rest = walk.messages();

        assertThat(rest).hasSize(MESSAGES - 1 - read);
        assertThat(rest).allMatch(each -> each.packetId() == 0 && each.state() == null);
        assertThat(walk.messages()).isEmpty();
    }

    @Test
    void packetIdentifier_thatIsUsedAgainWhileTheyAreRead_isThatOfTheFirst() {
        queue(true);
        int read = firstPage();
        write(batch -> batch.outbound(SESSION, read + 1, 1, OutboundState.PUBLISHED));

        List<QueuedMessage> rest = walk.messages();

        assertThat(rest).hasSize(MESSAGES - read);
        assertThat(rest).allMatch(each -> each.packetId() == 0 && each.state() == null);
    }

    /** It would be refused elsewhere, because nobody can come back to it. */
    @Test
    void session_thatEndsWithItsConnection_isPassedOver() {
        write(
                batch ->
                        batch.putSession(
                                new SessionRecord(SESSION, "a", "x", "", 0, 1, 0, null, 0)));

        assertThat(walk.next()).isNull();
    }

    /** A view in which these messages of the queue cannot be read. */
    private ShardView damaged(Set<Long> sequences) {
        return proxy(
                ShardView.class,
                (method, arguments) -> {
                    Object result = method.invoke(owner.view(), arguments);
                    if (method.getName().equals("queue")
                            && ((List<?>) result)
                                    .stream()
                                            .anyMatch(
                                                    each ->
                                                            sequences.contains(
                                                                    ((QueuedMessage) each)
                                                                            .sequence()))) {
                        throw new StorageException(StorageException.Kind.DAMAGED, "damaged");
                    }
                    return result;
                });
    }

    private List<Long> readAll(KeptSessions from) {
        assertThat(from.next()).isNotNull();
        List<Long> read = new ArrayList<>();
        for (List<QueuedMessage> page; !(page = from.messages()).isEmpty(); ) {
            page.forEach(each -> read.add(each.sequence()));
        }
        return read;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1L << 40, (1L << 62) - 1})
    void messagesThatAreDamaged_areLeftOutAndNamed_andAllOthersAreThere(long before) {
        write(
                batch -> {
                    int body = batch.message(MESSAGE);
                    for (int i = 1; i <= MESSAGES; i++) {
                        batch.enqueue(SESSION, before + i, body, EXACTLY_ONCE, 0);
                    }
                });
        Set<Long> bad = Set.of(before + 1, before + 100, before + 101, before + MESSAGES);

        List<Long> read = readAll(walk(damaged(bad)));

        assertThat(read)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(before + 1, before + MESSAGES)
                                .filter(each -> !bad.contains(each))
                                .boxed()
                                .toList());
        assertThat(damage).hasSize(3).containsOnly("messages that wait for a");
    }

    @Test
    void sessionThatIsDamaged_isLeftOutAndNamed() {
        ShardView view =
                proxy(
                        ShardView.class,
                        (method, arguments) -> {
                            throw new StorageException(StorageException.Kind.DAMAGED, "damaged");
                        });

        assertThat(walk(view).next()).isNull();
        assertThat(damage).containsExactly("the session of a");
    }

    @Test
    void diskThatCannotBeRead_endsTheWalk() {
        ShardView view =
                proxy(
                        ShardView.class,
                        (method, arguments) -> {
                            throw new StorageException("the disk is gone");
                        });

        assertThatThrownBy(walk(view)::next).hasMessage("the disk is gone");
    }
}
