package io.busbar.storage.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Looks through RocksDB's logs for damage that its recovery takes for the end of them: it stops at
 * the first record that is not whole, because after a loss of power the last write may be there by
 * halves. Nobody was promised anything about that one. But if a later write says that more was on
 * the disk by then ({@link WalMark}), promises are lost.
 *
 * <p>The format of the logs is that of RocksDB's {@code db/log_format.h}: blocks of 32 KiB with
 * records that have a checksum; a batch is one record, or several of them. Files are used again, so
 * that behind the end of a log are records of an older one.
 */
final class WalCheck {
    /**
     * Writes that may be lost.
     *
     * @param file the log that is damaged
     * @param offset the first byte of the record that is not whole
     * @param safe up to this number all writes were on the disk
     */
    record Suspicion(Path file, long offset, long safe) {}

    private static final int BLOCK_BYTES = 32 << 10;
    private static final int HEADER_BYTES = 7;

    /** The header of a file that is used again: with the log's number. */
    private static final int LONG_HEADER_BYTES = 11;

    private static final String SUFFIX = ".log";

    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private final CRC32C crc = new CRC32C();

    /** The last write that is whole, or less than all if there is none. */
    private long whole = -1;

    /** The write whose first record was read and whose last was not. */
    private @Nullable WalMark begun;

    /** Where something is not whole, if nothing goes on from there. */
    private @Nullable Path damaged;

    private long damagedAt;
    private @Nullable Suspicion suspicion;

    private WalCheck() {}

    /**
     * Reads all logs in a folder.
     *
     * @return null if nothing is missing
     * @throws IOException if one cannot be read
     */
    static @Nullable Suspicion of(Path folder) throws IOException {
        WalCheck check = new WalCheck();
        List<Path> logs;
        try (Stream<Path> files = Files.list(folder)) {
            logs =
                    files.filter(file -> nameOf(file).matches("\\d+\\.log"))
                            .sorted(Comparator.comparingLong(WalCheck::numberOf))
                            .toList();
        }
        for (Path log : logs) {
            try {
                check.read(log);
            } catch (NoSuchFileException gone) {
                // Another server has the store open, which the start is told next.
            }
        }
        return check.suspicion;
    }

    private static String nameOf(Path log) {
        return String.valueOf(log.getFileName());
    }

    private static long numberOf(Path log) {
        String name = nameOf(log);
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    private void read(Path log) throws IOException {
        int number = (int) numberOf(log);
        try (FileChannel file = FileChannel.open(log)) {
            for (long at = 0; ; at += BLOCK_BYTES) {
                block.clear();
                while (block.hasRemaining() && file.read(block, at + block.position()) > 0) {
                    // The rest of the block.
                }
                if (block.position() == 0) {
                    return;
                }
                block.flip();
                readBlock(log, at, number);
            }
        }
    }

    /** Reads records. Behind one that is not whole it looks for the next that is. */
    private void readBlock(Path log, long start, int number) {
        while (block.remaining() >= HEADER_BYTES) {
            int at = block.position();
            int length = lengthAt(at);
            if (length < 0 || !isWhole(at, length) || isOlder(at, number)) {
                notWhole(log, start + at);
                int next = length >= 0 && isOlder(at, number) ? -1 : nextWhole(at + 1, number);
                if (next < 0) {
                    return; // also: behind the record of an older log are only older ones
                }
                block.position(next);
                continue;
            }
            int type = typeAt(at);
            int header = headerOf(type);
            block.position(at + header + length);
            switch (isLong(type) && type <= 8 ? type - 4 : type) {
                case 1 -> {
                    begins(at + header, length);
                    ends();
                }
                case 2 -> begins(at + header, length);
                case 4 -> ends();
                default -> {
                    // The middle of a batch, or nothing of ours.
                }
            }
        }
    }

    /** Where in the block a record of this log is whole again; less than 0 if there is none. */
    private int nextWhole(int from, int number) {
        int end = block.limit();
        for (int type = from + 6; type < end; type++) {
            if (end - type >= 8 && block.getLong(type) == 0) {
                type += 7;
                continue;
            }
            int at = type - 6;
            int length = lengthAt(at);
            if (length > 0 && !isOlder(at, number) && isWhole(at, length)) {
                return at;
            }
        }
        return -1;
    }

    private int typeAt(int at) {
        return block.get(at + 6) & 0xFF;
    }

    private static boolean isLong(int type) {
        return type >= 5 && type <= 8 || type == 11 || type == 131;
    }

    private static int headerOf(int type) {
        return isLong(type) ? LONG_HEADER_BYTES : HEADER_BYTES;
    }

    /** The length of what a header at a place says, or less than 0 if there can be none. */
    private int lengthAt(int at) {
        int type = typeAt(at);
        boolean known = type >= 1 && type <= 11 || type == 130 || type == 131;
        int length = block.get(at + 4) & 0xFF | (block.get(at + 5) & 0xFF) << 8;
        return known && at + headerOf(type) + length <= block.limit() ? length : -1;
    }

    /** Whether a header says that it is of a log that was in the file before. */
    private boolean isOlder(int at, int number) {
        return isLong(typeAt(at)) && little(at + HEADER_BYTES) != number;
    }

    private int little(int at) {
        return Integer.reverseBytes(block.getInt(at));
    }

    private boolean isWhole(int at, int length) {
        int header = headerOf(typeAt(at));
        crc.reset();
        crc.update(block.duplicate().limit(at + header + length).position(at + 6));
        int value = (int) crc.getValue();
        return (value >>> 15 | value << 17) + 0xa282ead8 == little(at);
    }

    private void notWhole(Path log, long offset) {
        begun = null;
        if (damaged == null) {
            damaged = log;
            damagedAt = offset;
        }
    }

    private void begins(int at, int length) {
        WalMark mark = WalMark.of(block.duplicate().limit(at + length).position(at));
        begun = mark;
        Path file = damaged;
        if (mark == null || file == null) {
            return;
        }
        if (whole >= 0 && mark.number() <= whole + 1) {
            damaged = null; // nothing is missing: that was the end of a log
        } else if (mark.safe() > whole) {
            long safe = suspicion == null ? 0 : suspicion.safe();
            suspicion = new Suspicion(file, damagedAt, Math.max(safe, mark.safe()));
        }
    }

    private void ends() {
        WalMark mark = begun;
        begun = null;
        if (mark != null && suspicion == null) {
            whole = Math.max(whole, mark.number());
        }
    }
}
