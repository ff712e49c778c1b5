package io.busbar.testkit.log;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Catches what is logged at INFO and above until it is closed. It replaces {@link System#err}, to
 * which the logger of the tests (slf4j-simple) writes. So it also catches what other threads log.
 */
public final class CapturedLog implements AutoCloseable {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public CapturedLog() {
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    }

    /** Returns the lines that were logged since the last call. */
    public List<String> take() {
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        bytes.reset();
        return lines;
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
