package io.busbar.itests.crash;

import java.nio.charset.StandardCharsets;

/** A payload says which message it is: the publisher, the number, and filling. */
final class Payload {
    private Payload() {}

    /**
     * @param bytes about how many it has
     */
    static byte[] of(Publication.Id id, int bytes) {
        String text = id + " ";
        return (text + "x".repeat(Math.max(0, bytes - text.length())))
                .getBytes(StandardCharsets.UTF_8);
    }

    static Publication.Id read(byte[] payload) {
        String[] parts = new String(payload, StandardCharsets.UTF_8).split(" ", 3);
        return new Publication.Id(parts[0], Long.parseLong(parts[1]));
    }
}
