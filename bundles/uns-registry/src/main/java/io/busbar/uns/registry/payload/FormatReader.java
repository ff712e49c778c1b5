package io.busbar.uns.registry.payload;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.spi.PayloadReader;
import io.busbar.uns.registry.watch.CallWatch;
import io.busbar.uns.registry.watch.Foreign;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the payloads of one format with the current reader, or reports that there is none.
 * Exceptions of a reader do not reach the caller. Thread-safe.
 */
public final class FormatReader {
    private static final Logger LOG = LoggerFactory.getLogger(FormatReader.class);

    private static final String MANY = String.format(Locale.ROOT, "%,d", Reading.MAX_VALUES);

    private final PayloadFormat format;
    private final @Nullable Used builtIn;
    private final CallWatch watch;
    private volatile @Nullable Used used;
    private volatile boolean failed;

    /**
     * A reader that is used.
     *
     * @param callee null for the server's own
     */
    record Used(PayloadReader reader, @Nullable Foreign callee) {}

    FormatReader(PayloadFormat format, @Nullable PayloadReader builtIn, CallWatch watch) {
        this.format = format;
        this.builtIn = builtIn == null ? null : new Used(builtIn, null);
        this.watch = watch;
        this.used = this.builtIn;
    }

    /** Reads with another reader from now on; null = with the server's own if it has one. */
    void use(@Nullable Used next) {
        used = next == null ? builtIn : next;
        failed = false;
    }

    /** Whether there is no reader. */
    public boolean isMissing() {
        return used == null;
    }

    /** Whether another bundle reads, which may hang; values need not stand in payloads as shown. */
    public boolean isForeign() {
        Used now = used;
        return now != null && now.callee() != null;
    }

    /** What is said of topics when there is no reader. */
    public String missing() {
        return "no reader for " + format;
    }

    /** The same as {@link #missing} for programs. */
    public Reason missingReason() {
        return Reason.of(Reason.Code.PAYLOAD_NO_READER, "format", format.name());
    }

    /**
     * Reads a payload.
     *
     * @param zone where the source is if its times do not say so; null if nobody knows
     */
    public void read(Message message, Model model, @Nullable ZoneId zone, Reading into) {
        Used now = used;
        into.begin(now == builtIn, zone);
        if (now == null) {
            into.unreadable("is not read: " + missing(), missingReason());
            return;
        }
        Foreign callee = now.callee();
        if (callee == null) {
            read(now.reader(), message, model, into);
        } else if (callee.isOut()) {
            into.unreadable(
                    "is not read: the reader for " + format + " hangs, or hung lately",
                    Reason.of(Reason.Code.PAYLOAD_READER_HANGS, "format", format.name()));
        } else {
            boolean watched = watch.enter(callee);
            try {
                read(now.reader(), message, model, into);
            } finally {
                if (watched) {
                    watch.leave();
                }
            }
        }
    }

    private void read(PayloadReader reader, Message message, Model model, Reading into) {
        try {
            reader.read(message, model, into);
        } catch (Reading.TooManyValues e) {
            into.unreadable(
                    "has more than " + MANY + " values",
                    Reason.of(
                            Reason.Code.PAYLOAD_MANY_VALUES,
                            "max",
                            String.valueOf(Reading.MAX_VALUES)));
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            into.unreadable(
                    "is not read: the reader for " + format + " failed: " + e,
                    Reason.of(
                            Reason.Code.PAYLOAD_READER_FAILED,
                            "format",
                            format.name(),
                            "error",
                            e.toString()));
            if (!failed) {
                failed = true;
                LOG.error(
                        "Payload reader failed; further failures are seen as violations only"
                                + " (format={}, reader={}, topic={})",
                        format,
                        reader.getClass().getName(),
                        message.topic(),
                        e);
            }
        }
    }
}
