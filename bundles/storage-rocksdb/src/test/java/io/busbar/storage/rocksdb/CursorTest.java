package io.busbar.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/** A walk reads a value when it is asked for, also if the database was opened again meanwhile. */
class CursorTest {
    private static final byte[] ALL = new byte[0];

    @TempDir Path temp;

    private Database database;

    @BeforeEach
    void open() throws Exception {
        database = Opening.open(Settings.of(temp)).database();
        put("a", "1");
        put("b", "2".repeat(1_000));
        put("c", "3");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void put(String key, String value) throws RocksDBException {
        Changes changes = new Changes(64);
        changes.put(database.id(Family.RETAINED), bytes(key), bytes(value));
        database.write(changes.toBytes(), false);
    }

    private void delete(String key) throws RocksDBException {
        Changes changes = new Changes(64);
        changes.delete(database.id(Family.RETAINED), bytes(key));
        database.write(changes.toBytes(), false);
    }

    @Test
    void value_isThatOfTheKeyItStandsOn_askedOnceOrTwice() {
        try (Cursor cursor = database.cursor(Family.RETAINED, ALL, ALL)) {
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.next()).as("the first value is passed over").isTrue();
            assertThat(text(cursor.value())).isEqualTo("2".repeat(1_000));
            assertThat(cursor.valueBytes()).startsWith(bytes("2".repeat(1_000)));
            assertThat(cursor.valueLength()).isEqualTo(1_000);
            assertThat(text(cursor.value())).isEqualTo("2".repeat(1_000));
            assertThat(cursor.next()).isTrue();
            assertThat(text(cursor.value())).isEqualTo("3");
            assertThat(cursor.next()).isFalse();
        }
    }

    @Test
    void databaseThatWasOpenedAgain_givesTheValueOfTheSameKey() throws Exception {
        try (Cursor cursor = database.cursor(Family.RETAINED, ALL, ALL)) {
            cursor.next();
            database.reopen();

            assertThat(text(cursor.value())).isEqualTo("1");
            assertThat(cursor.next()).isTrue();
            assertThat(text(cursor.key())).isEqualTo("b");
        }
    }

    @Test
    void keyThatIsGoneSinceTheDatabaseWasOpenedAgain_isNotTakenForTheNext() throws Exception {
        try (Cursor cursor = database.cursor(Family.RETAINED, ALL, ALL)) {
            cursor.next();
            delete("a");
            database.reopen();

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(cursor::value)
                        .isInstanceOf(StorageException.class)
                        .hasMessageContaining("opened again");
            }
            assertThat(cursor.next()).isTrue();
            assertThat(text(cursor.key())).isEqualTo("b");
        }
    }

    @Test
    void walksThatHoldMoreThanTheCache_doNotKeepOthersFromReading() throws Exception {
        Random random = new Random(1);
        byte[] large = new byte[(int) Settings.LEAST_MEMORY / 8];
        for (int i = 0; i < 20; i++) {
            random.nextBytes(large);
            Changes changes = new Changes(large.length + 64);
            changes.put(database.id(Family.RETAINED), bytes("large" + (char) ('a' + i)), large);
            database.write(changes.toBytes(), false);
        }
        List<Cursor> open = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Cursor cursor = database.cursor(Family.RETAINED, ALL, ALL);
                open.add(cursor);
                assertThat(cursor.seek(bytes("large" + (char) ('a' + i)))).isTrue();
                assertThat(cursor.value()).hasSize(large.length);
            }
        } finally {
            open.forEach(Cursor::close);
        }
    }
}
