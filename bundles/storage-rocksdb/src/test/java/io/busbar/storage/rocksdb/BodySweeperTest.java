package io.busbar.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StoreBatch;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A large message of many sessions is stored once, and goes when the last of them has it. */
@Timeout(60)
class BodySweeperTest {
    private static final String LARGE = "x".repeat(1_000);

    @TempDir Path temp;

    private Database database;
    private Committer committer;
    private ShardOwner owner;
    private BodySweeper sweeper;

    @BeforeEach
    void open() throws Exception {
        database = Opening.open(Settings.of(temp)).database();
        committer = new Committer(database, temp, new SpaceGuard(Settings.of(temp), Disk.REAL));
        owner = new RocksOwner(database, committer, 0, 1, true);
        sweeper = new BodySweeper(database);
    }

    @AfterEach
    void close() {
        committer.close();
        database.close();
    }

    private int count(Family family) {
        int count = 0;
        try (Cursor cursor = database.all(family, new byte[0], 0)) {
            while (cursor.next()) {
                count++;
            }
        }
        return count;
    }

    private void fanOut(String text, int sessions) throws Exception {
        StoreBatch batch = owner.newBatch();
        int message = batch.message(Samples.message("t", text));
        for (int session = 1; session <= sessions; session++) {
            batch.enqueue(session, 1, message, Samples.ONCE, session);
        }
        Samples.commit(owner, batch);
    }

    private void acknowledge(int from, int to) throws Exception {
        StoreBatch batch = owner.newBatch();
        for (int session = from; session <= to; session++) {
            batch.acknowledge(session, 1, false);
        }
        Samples.commit(owner, batch);
    }

    @Test
    void largeMessage_isStoredOnce_andSweptWhenNobodyHasIt() throws Exception {
        fanOut(LARGE, 20);
        assertThat(count(Family.BODY)).isEqualTo(1);
        List<QueuedMessage> page = owner.view().queue(7, 0, 10, 10_000);
        assertThat(page).singleElement().extracting(QueuedMessage::packetId).isEqualTo(7);
        assertThat(page.get(0).message().payload()).hasSize(1_000);

        acknowledge(1, 19);
        sweeper.sweep();
        assertThat(count(Family.BODY)).as("one is left").isEqualTo(1);
        assertThat(owner.view().queue(20, 0, 10, 10_000)).hasSize(1);

        StoreBatch delete = owner.newBatch();
        delete.deleteSession(20);
        Samples.commit(owner, delete);
        sweeper.sweep();

        assertThat(sweeper.removed()).isEqualTo(1);
        assertThat(count(Family.BODY)).isZero();
        assertThat(count(Family.HOLDERS)).isZero();
    }

    @Test
    void smallMessage_orThatOfOne_isInTheEntry() throws Exception {
        fanOut("small", 20);
        fanOut(LARGE, 1);

        assertThat(count(Family.BODY)).isZero();
        assertThat(owner.view().queue(7, 0, 10, 10_000)).hasSize(1);
    }
}
