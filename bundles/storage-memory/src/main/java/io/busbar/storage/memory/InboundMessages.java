package io.busbar.storage.memory;

import io.busbar.api.storage.InboundMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Messages of QoS 2 of a session that wait for PUBREL, in a few bytes each: there may be 65,535.
 * Not thread-safe.
 */
final class InboundMessages {
    private static final int PAGE = 16;

    /** Sixteen digests each, behind the bits that say which of them there are. */
    private final TreeMap<Integer, int[]> pages = new TreeMap<>();

    void put(InboundMessage message) {
        int[] page = pages.computeIfAbsent(message.packetId() / PAGE, number -> new int[1 + PAGE]);
        int place = message.packetId() % PAGE;
        page[0] |= 1 << place;
        page[1 + place] = message.digest();
    }

    void remove(int packetId) {
        int[] page = pages.get(packetId / PAGE);
        if (page != null) {
            page[0] &= ~(1 << packetId % PAGE);
            if (page[0] == 0) {
                pages.remove(packetId / PAGE);
            }
        }
    }

    /** All of them by their Packet Identifier. */
    List<InboundMessage> all() {
        List<InboundMessage> all = new ArrayList<>();
        pages.forEach(
                (number, page) -> {
                    for (int place = 0; place < PAGE; place++) {
                        if ((page[0] & 1 << place) != 0) {
                            all.add(new InboundMessage(number * PAGE + place, page[1 + place]));
                        }
                    }
                });
        return all;
    }
}
