package io.busbar.uns.registry.payload;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.spi.PayloadReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the payloads of one format with the current reader, or reports that there is none.
 * Exceptions of a reader do not reach the caller. Thread-safe.
 */
public final class FormatReader {
    private static final Logger LOG = LoggerFactory.getLogger(FormatReader.class);

    private final PayloadFormat format;
    private final @Nullable PayloadReader builtIn;
    private volatile @Nullable PayloadReader reader;
    private volatile boolean failed;

    FormatReader(PayloadFormat format, @Nullable PayloadReader builtIn) {
        this.format = format;
        this.builtIn = builtIn;
        this.reader = builtIn;
    }

    /** Reads with another reader from now on; null = with the server's own if it has one. */
    void use(@Nullable PayloadReader next) {
        reader = next == null ? builtIn : next;
        failed = false;
    }

    /** Whether there is no reader. */
    public boolean isMissing() {
        return reader == null;
    }

    /** What is said of topics when there is no reader. */
    public String missing() {
        return "no reader for " + format;
    }

    /** Reads a payload. */
    public void read(Message message, Model model, Reading into) {
        PayloadReader now = reader;
        into.begin(now == builtIn);
        if (now == null) {
            into.unreadable("is not read: " + missing());
            return;
        }
        try {
            now.read(message, model, into);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            into.unreadable("is not read: the reader for " + format + " failed: " + e);
            if (!failed) {
                failed = true;
                LOG.error(
                        "Payload reader failed; further failures are seen as violations only"
                                + " (format={}, reader={}, topic={})",
                        format,
                        now.getClass().getName(),
                        message.topic(),
                        e);
            }
        }
    }
}
