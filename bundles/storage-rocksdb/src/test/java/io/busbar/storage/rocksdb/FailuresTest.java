package io.busbar.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.storage.StorageException.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Only what is tried again says so: a start that ends would promise what nobody does. */
class FailuresTest {
    private static final Path FOLDER = Path.of("/data/broker");
    private static final RocksDBException FULL =
            new RocksDBException(
                    new Status(
                            Status.Code.IOError,
                            Status.SubCode.NoSpace,
                            "No space left on device: while appending"));
    private static final RocksDBException FAILING =
            new RocksDBException(
                    new Status(
                            Status.Code.IOError,
                            Status.SubCode.None,
                            "Input/output error: while fdatasync"));

    @Test
    void failureOfAnOpening_promisesNothing() {
        assertThat(Failures.of("cannot be opened", FOLDER, FULL))
                .hasMessage(
                        "Broker store /data/broker cannot be opened: the disk is full. Free some"
                                + " space on the disk of /data/broker.");
        assertThat(Failures.of("cannot be opened", FOLDER, FAILING).getMessage())
                .contains("the disk reported an error (Input/output error: while fdatasync)")
                .endsWith("Check the disk and the system's log.");
    }

    @Test
    void commit_saysThatItIsTriedAgain() {
        assertThat(Failures.unwritten(FOLDER, FULL).getMessage())
                .endsWith("on the disk of /data/broker; it goes on by itself.");
        assertThat(Failures.unwritten(FOLDER, FULL).kind()).isEqualTo(Kind.FULL);
        assertThat(Failures.unwritten(FOLDER, FAILING).getMessage())
                .endsWith("the system's log; it is tried again every second.");
        assertThat(Failures.unwritten(FOLDER, FAILING).kind()).isEqualTo(Kind.FAILED);
    }
}
