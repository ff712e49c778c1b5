package io.busbar.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBatch;

/** Our bytes are the ones that RocksDB's own batches have. */
class ChangesTest {
    @TempDir Path temp;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void changes_areTheBytesOfABatchOfRocksdb() throws Exception {
        Opening.Opened opened = Opening.open(Settings.of(temp));
        try (Database database = opened.database()) {
            byte[] large = new byte[300];
            Changes changes = new Changes(1);
            changes.put(database.id(Family.QUEUE), bytes("k"), large);
            changes.delete(database.id(Family.SESSION), bytes("d"));
            changes.deleteOnce(database.id(Family.QUEUE), bytes("s"));
            changes.deleteRange(database.id(Family.RETAINED), bytes("a"), bytes("b"));

            byte[] expected =
                    database.with(
                            open -> {
                                try (WriteBatch batch = new WriteBatch()) {
                                    batch.put(database.handle(Family.QUEUE), bytes("k"), large);
                                    batch.delete(database.handle(Family.SESSION), bytes("d"));
                                    batch.singleDelete(database.handle(Family.QUEUE), bytes("s"));
                                    batch.deleteRange(
                                            database.handle(Family.RETAINED),
                                            bytes("a"),
                                            bytes("b"));
                                    return batch.data();
                                }
                            });

            assertThat(changes.toBytes()).isEqualTo(expected);
            assertThat(changes.count()).isEqualTo(4);
        }
    }

    @Test
    void changes_areApplied_inFamiliesThatAreNotTheFirst() throws Exception {
        try (Database database = Opening.open(Settings.of(temp)).database()) {
            int queue = database.id(Family.QUEUE);
            Changes put = new Changes(16);
            for (String key : new String[] {"a", "b", "c", "d", "e"}) {
                put.put(queue, bytes(key), bytes("1"));
            }
            put.put(database.id(Family.BODY), bytes("a"), bytes("1"));
            database.write(put.toBytes(), true);
            Changes remove = new Changes(16);
            remove.delete(queue, bytes("a"));
            remove.deleteOnce(queue, bytes("b"));
            remove.deleteRange(queue, bytes("c"), bytes("e"));
            database.write(remove.toBytes(), false);

            StringBuilder left = new StringBuilder();
            try (Cursor cursor = database.all(Family.QUEUE, new byte[0], 0)) {
                while (cursor.next()) {
                    left.append(new String(cursor.key(), StandardCharsets.UTF_8));
                }
            }
            assertThat(left).hasToString("e");
            assertThat(database.exists(Family.BODY, bytes("a"))).isTrue();
            int found =
                    database.read(
                            (RocksDB open) -> {
                                ColumnFamilyHandle meta = database.handle(Family.META);
                                return open.get(meta, bytes("a"), new byte[1]);
                            });
            assertThat(found).isEqualTo(RocksDB.NOT_FOUND);
        }
    }
}
