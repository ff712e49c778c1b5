package io.busbar.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.TopicKey;
import io.busbar.storage.rocksdb.record.Keys;
import io.busbar.testkit.time.Await;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of everything when the server starts. */
class RestoreTest {
    private static final int MANY = 1_000;

    @TempDir Path temp;
    private Database database;
    private RocksStore store;
    private ShardOwner owner;

    @BeforeEach
    void open() throws Exception {
        Opening.Opened opened = Opening.open(Settings.of(temp.resolve("broker")));
        database = opened.database();
        store =
                new RocksStore(
                        Settings.of(temp.resolve("broker")),
                        database,
                        opened.shards(),
                        database,
                        Disk.REAL);
        owner = Samples.own(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** Topics of any length, so that the next one does not fit where the one before did. */
    private static String topic(int number) {
        return "t/" + "x".repeat(number * 7 % 200) + "/" + number;
    }

    private void retainMany() throws Exception {
        StoreBatch batch = owner.newBatch();
        for (int i = 0; i < MANY; i++) {
            batch.retain(batch.message(Samples.message(topic(i), "y".repeat(i * 13 % 500))));
        }
        Samples.commit(owner, batch);
    }

    private Map<String, Integer> heads() {
        Map<String, Integer> heads = new HashMap<>();
        store.retained()
                .heads(
                        (topic, principalId, payloadBytes, expiresAt) -> {
                            String text = new String(topic, StandardCharsets.UTF_8);
                            assertThat(heads.put(text, payloadBytes)).as(text).isNull();
                            assertThat(principalId).isEqualTo("cred:1");
                        });
        return heads;
    }

    private static void assertAll(Map<String, Integer> heads) {
        assertThat(heads).hasSize(MANY);
        for (int i = 0; i < MANY; i++) {
            assertThat(heads).containsEntry(topic(i), i * 13 % 500);
        }
    }

    @Test
    void heads_ofAnyLength_areAllThereOnce() throws Exception {
        retainMany();

        assertAll(heads());
    }

    @Test
    void heads_whileTheDatabaseIsOpenedAgain_areAllThereOnce() throws Exception {
        retainMany();
        Thread[] reopening = new Thread[1];
        Map<String, Integer> heads = new HashMap<>();

        store.retained()
                .heads(
                        (topic, principalId, payloadBytes, expiresAt) -> {
                            if (reopening[0] == null) {
                                reopening[0] = reopen();
                            }
                            String text = new String(topic, StandardCharsets.UTF_8);
                            assertThat(heads.put(text, payloadBytes)).as(text).isNull();
                        });

        reopening[0].join();
        assertThat(database.generation()).isEqualTo(2);
        assertAll(heads);
    }

    /** Begins to open the database again, which waits for those who read. */
    private Thread reopen() {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                database.reopen();
                            } catch (Exception failure) {
                                throw new IllegalStateException(failure);
                            }
                        });
        thread.start();
        Await.until(() -> thread.getState() == Thread.State.WAITING);
        return thread;
    }

    @Test
    void heads_ofADamagedMessage_sayWhatIsWrong() throws Exception {
        retainMany();
        byte[] key = TopicKey.of(TopicName.of(topic(MANY / 2))).bytes();
        byte[] value = database.get(Family.RETAINED, key);
        value[value.length / 2] ^= 1;
        write(Family.RETAINED, key, value);

        assertThatThrownBy(this::heads)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("checksum")
                .hasMessageContaining("recover = true");
    }

    @Test
    void heads_ofAMessageThatIsCutShort_sayWhatIsWrong() throws Exception {
        retainMany();
        byte[] key = TopicKey.of(TopicName.of(topic(MANY / 2))).bytes();
        write(Family.RETAINED, key, Arrays.copyOf(database.get(Family.RETAINED, key), 4));

        assertThatThrownBy(this::heads)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("4 bytes");
    }

    private void write(Family family, byte[] key, byte[] value) throws Exception {
        Changes change = new Changes(64);
        change.put(database.id(family), key, value);
        database.write(change.toBytes(), true);
    }

    @Test
    void queues_countWhatPagesHave() throws Exception {
        StoreBatch batch = owner.newBatch();
        long[] sizes = new long[4];
        for (int i = 1; i <= MANY; i++) {
            int session = 1 + i % 3;
            var message = Samples.message("t", "z".repeat(i));
            batch.enqueue(session, i, batch.message(message), Samples.ONCE, i);
            batch.outbound(session, i, i, OutboundState.RELEASED);
            sizes[session] += message.sizeBytes();
        }
        for (int i = 1; i <= MANY; i += 10) {
            int session = 1 + i % 3;
            batch.acknowledge(session, i, true);
            sizes[session] -= Samples.message("t", "z".repeat(i)).sizeBytes();
        }
        Samples.commit(owner, batch);

        List<String> counted = new ArrayList<>();
        owner.view()
                .queues(
                        (session, count, bytes) ->
                                counted.add(session + " " + count + " " + bytes));

        List<String> expected = new ArrayList<>();
        for (int session = 1; session <= 3; session++) {
            List<QueuedMessage> queue = owner.view().queue(session, 0, MANY, Long.MAX_VALUE);
            expected.add(session + " " + queue.size() + " " + sizes[session]);
        }
        assertThat(counted).isEqualTo(expected);
    }

    @Test
    void queues_whoseSizeIsDamaged_sayWhatIsWrong() throws Exception {
        Samples.commit(owner, Samples.enqueue(owner, 1, 1, 3));
        byte[] key = Keys.queue(owner.shard(), 1, 2, Keys.ENTRY);
        byte[] endless = new byte[20];
        Arrays.fill(endless, (byte) -1);
        write(Family.QUEUE, key, endless);

        assertThatThrownBy(() -> owner.view().queues((session, count, bytes) -> {}))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("too many bytes");
    }
}
