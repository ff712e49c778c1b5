package io.busbar.api.memory;

import java.util.Objects;

/**
 * Somebody who holds memory and can be made to give it back.
 *
 * @param name for operators: a Client Identifier, a user name, an address
 * @param weight bytes by which holders are compared; that of a client includes what other clients
 *     with the same credential hold
 * @param bytes bytes that it can give back itself
 * @param release makes it give them back, soon and on any thread; must not block
 */
public record MemoryHolder(String name, long weight, long bytes, Runnable release) {
    public MemoryHolder {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(release, "release");
    }
}
