package io.busbar.storage.rocksdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what RocksDB says in its own log when it opens a store whose last write was cut short: that
 * it has left out the rest.
 */
final class ReplayLog {
    private static final String DROPPED = ": dropping ";
    private static final Logger LOG = LoggerFactory.getLogger(ReplayLog.class);

    private ReplayLog() {}

    static void report(Path folder) {
        try (Stream<String> lines =
                Files.lines(folder.resolve("LOG"), StandardCharsets.ISO_8859_1)) {
            lines.filter(line -> line.contains(DROPPED))
                    .findFirst()
                    .ifPresent(
                            line ->
                                    LOG.warn(
                                            "Broker store ends in the middle of a write, which was"
                                                + " left out ({}): after a loss of power that was"
                                                + " not acknowledged yet; otherwise check the disk"
                                                + " (folder={})",
                                            line.substring(line.indexOf(DROPPED) + 2),
                                            folder));
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("RocksDB's log cannot be read (folder={})", folder, e);
        }
    }
}
