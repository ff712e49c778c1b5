package io.busbar.storage.rocksdb;

import java.nio.charset.StandardCharsets;

/** The column families, in the order in which a store is made with them. */
enum Family {
    /** What the store knows about itself. */
    META("default"),
    SESSION("session"),
    QUEUE("queue"),
    /** Messages that several entries of queues refer to. */
    BODY("body"),
    /** Which entries these are. */
    HOLDERS("holders"),
    RETAINED("retained");

    private final byte[] bytes;

    Family(String name) {
        bytes = name.getBytes(StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        return bytes;
    }
}
