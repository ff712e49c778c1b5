package io.busbar.uns.registry.gate;

import io.busbar.api.mqtt.Message;
import io.busbar.api.uns.Violation;

/** What the gates tell and ask of the values of topics. Thread-safe. */
public interface Refusals {
    /** A message was refused. */
    void refused(Message message, Violation wrong);

    /**
     * A message is held back. Accesses the disk: when this returns, it is there.
     *
     * @param revision of the topic's node
     * @return false if there is no room for it: it is not held
     * @throws io.busbar.api.storage.StorageException if it cannot be held
     */
    boolean hold(Message message, Violation wrong, long revision);

    /** Whether a topic is that of a node. */
    boolean isModeled(String topic);
}
