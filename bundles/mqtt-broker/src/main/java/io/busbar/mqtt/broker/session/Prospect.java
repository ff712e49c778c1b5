package io.busbar.mqtt.broker.session;

import io.busbar.api.explain.Fate;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.storage.StorageException;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.limit.DeliveryLimits;
import io.busbar.mqtt.broker.limit.StoredLimits;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.mqtt.broker.memory.Footprint;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a session would do with a message that came to it now. Asks what {@link Session#deliver}
 * asks, in the same order, and does nothing. For any thread: what it reads is a moment old.
 *
 * @param fate of the message; of rights it knows nothing
 * @param parameters of the fate
 * @param dropsOldest whether the oldest message of the queue would be dropped for it
 */
public record Prospect(Fate fate, Map<String, String> parameters, boolean dropsOldest) {
    /** What the session would do. */
    public static Prospect of(Session session, Message message, Match match) {
        return new Foresight(session, message, match).prospect();
    }

    /** One question, and what the answer is made of. */
    private static final class Foresight {
        private final Session session;
        private final Match match;
        private final Routed routed;
        private final Qos qos;
        private final DeliveryLimits limits;
        private final Map<String, String> parameters = new LinkedHashMap<>();
        private boolean dropsOldest;

        Foresight(Session session, Message message, Match match) {
            this.session = session;
            this.match = match;
            this.routed = new Routed(message, null, 0);
            this.qos = message.qos().min(match.qos()); // [MQTT5-3.8.4-8]
            this.limits = session.common().limits();
        }

        Prospect prospect() {
            Outbound outbound = session.outboundIfPresent();
            Sender out = outbound == null ? null : outbound.sender();
            Fate fate;
            if (qos == Qos.AT_MOST_ONCE) {
                fate = out == null ? away(Fate.AWAY_AND_QOS_0) : atMostOnce(out);
            } else {
                fate = queued(outbound, out);
            }
            return new Prospect(fate, parameters, dropsOldest);
        }

        private Foresight with(String name, Object value) {
            parameters.put(name, value.toString());
            return this;
        }

        private Fate away(Fate fate) {
            if (session.disconnectedAt() > 0) {
                with("since", session.disconnectedAt());
            }
            return fate;
        }

        private Fate atMostOnce(Sender out) {
            ClientLink link = out.link();
            long pending = link.pendingBytes();
            if (!link.isWritable()) {
                if (pending > limits.maxBacklogBytes()) {
                    with("bytes", pending).with("maxBytes", limits.maxBacklogBytes());
                    return Fate.NOT_WRITABLE;
                }
                if (!memory().backlogs().hasRoom(pending, routed.footprint())) {
                    with("bytes", pending);
                    return Fate.MEMORY_FULL;
                }
            }
            return fits(out) ? Fate.SENT : Fate.TOO_LARGE;
        }

        private Fate queued(@Nullable Outbound outbound, @Nullable Sender out) {
            StorageException trouble = session.isDurable() ? session.loop().storeTrouble() : null;
            if (trouble != null) {
                with("error", String.valueOf(trouble.getMessage()));
                return Fate.NOT_STORED;
            }
            long expiresAt = routed.message().expiresAt();
            if (out == null && expiresAt <= session.common().clock().millis()) {
                with("at", expiresAt); // [MQTT5-3.3.2-5]
                return Fate.EXPIRED;
            }
            if (isFull(outbound)) {
                if (!limits.dropOldest()) {
                    return queueFull(outbound);
                }
                dropsOldest = true;
            }
            if (!session.isPaged() && !hasMemory()) {
                with("bytes", session.owedMemory());
                return Fate.MEMORY_FULL;
            }
            return out == null || outbound == null ? kept() : online(outbound, out);
        }

        private Fate kept() {
            away(Fate.KEPT);
            long expiry = session.expirySeconds();
            if (expiry != Session.NEVER && session.disconnectedAt() > 0) {
                with("until", session.disconnectedAt() + expiry * 1_000);
            }
            return Fate.KEPT;
        }

        private Fate online(Outbound outbound, Sender out) {
            if (!fits(out)) {
                return Fate.TOO_LARGE;
            }
            long ahead = (long) outbound.unsentCount() + session.tailMessages();
            if (ahead > 0
                    || outbound.inflight() >= out.receiveMaximum()
                    || !out.link().isWritable()) {
                with("ahead", ahead)
                        .with("inflight", outbound.inflight())
                        .with("receiveMaximum", out.receiveMaximum());
                return Fate.WAITS;
            }
            return Fate.SENT;
        }

        private boolean fits(Sender out) {
            boolean retain = routed.message().retain() && match.retainAsPublished();
            int bytes = out.sizeOf(routed, qos, retain, match.identifiers());
            if (bytes <= out.maxPacketSizeBytes()) {
                return true;
            }
            with("bytes", bytes).with("maxBytes", out.maxPacketSizeBytes()); // [MQTT5-3.1.2-24]
            return false;
        }

        private boolean isFull(@Nullable Outbound outbound) {
            if (outbound != null) {
                return outbound.isFull(routed);
            }
            StoredLimits stored = limits.stored();
            int waiting = session.tailMessages();
            return session.isPaged()
                    && (waiting >= stored.maxMessages()
                            || waiting > 0
                                    && session.tailBytes() + routed.message().sizeBytes()
                                            > stored.maxBytes());
        }

        private Fate queueFull(@Nullable Outbound outbound) {
            boolean paged = session.isPaged();
            long waiting =
                    session.tailMessages() + (outbound == null ? 0L : outbound.unsentCount());
            with("messages", waiting)
                    .with(
                            "maxMessages",
                            paged ? limits.stored().maxMessages() : limits.maxQueuedMessages())
                    .with("bytes", session.owedBytes())
                    .with("maxBytes", paged ? limits.stored().maxBytes() : limits.maxQueuedBytes());
            return Fate.QUEUE_FULL;
        }

        private boolean hasMemory() {
            long held = Math.max(session.owedMemory(), session.holder().queued());
            return memory().queues().hasRoom(held, Footprint.OWED + routed.footprint());
        }

        private BrokerMemory memory() {
            return session.loop().memory();
        }
    }
}
