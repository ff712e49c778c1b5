package io.busbar.mqtt.broker.delivery;

import io.busbar.api.broker.Rejection;
import io.busbar.api.storage.StorageException;

/**
 * What a client is told when something that would have to survive could not be stored.
 *
 * @param cause with its Reason Code: 0x97 if there is no space, else 0x83
 * @param why in words
 */
public record NotStored(Rejection.Cause cause, String why) {
    private static final NotStored FULL =
            new NotStored(Rejection.Cause.DISK_FULL, "the server has no space to store it");
    private static final NotStored FAILED =
            new NotStored(Rejection.Cause.NOT_STORED, "the server could not store it");

    /** What is told of a failure. */
    public static NotStored of(Throwable failure) {
        return failure instanceof StorageException storage
                        && storage.kind() == StorageException.Kind.FULL
                ? FULL
                : FAILED;
    }
}
