package io.busbar.mqtt.broker.session;

import io.busbar.api.storage.InboundMessage;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What tells the messages of QoS 2 that the store had of a session from others that may come with
 * the same Packet Identifiers. Confined to the session's loop.
 */
final class Digests {
    /** An empty set, never to be changed. */
    static final Digests NONE = new Digests(List.of());

    private final int[] packetIds;

    /** Of each identifier; 0 if it is not known, or does not count any more. */
    private final int[] digests;

    Digests(List<InboundMessage> messages) {
        List<InboundMessage> known =
                messages.stream()
                        .filter(each -> each.digest() != 0)
                        .sorted(Comparator.comparingInt(InboundMessage::packetId))
                        .toList();
        packetIds = known.stream().mapToInt(InboundMessage::packetId).toArray();
        digests = known.stream().mapToInt(InboundMessage::digest).toArray();
    }

    /** The digest of the message with an identifier, or 0 if it is not known. */
    int of(int packetId) {
        int at = Arrays.binarySearch(packetIds, packetId);
        return at < 0 ? 0 : digests[at];
    }

    /** The identifier stands for a message that came since. */
    void forget(int packetId) {
        int at = Arrays.binarySearch(packetIds, packetId);
        if (at >= 0) {
            digests[at] = 0;
        }
    }

    int bytes() {
        return 8 * packetIds.length;
    }
}
