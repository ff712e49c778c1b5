package io.busbar.mqtt.broker.transfer;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.mqtt.broker.loop.Shards;
import io.busbar.mqtt.broker.session.Admission;
import io.busbar.storage.memory.MemoryStore;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
    private KeptSessions walk;

    @BeforeEach
    void begin() {
        write(
                batch ->
                        batch.putSession(
                                new SessionRecord(SESSION, "a", "x", "", 60, 1, 2, null, 0)));
        walk = new KeptSessions(List.of(new Admission.Kept(owner.view(), SESSION)).iterator());
    }

    @AfterEach
    void end() {
        shards.close();
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
}
