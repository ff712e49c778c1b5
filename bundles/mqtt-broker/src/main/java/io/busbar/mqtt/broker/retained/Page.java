package io.busbar.mqtt.broker.retained;

import io.busbar.api.mqtt.Message;
import io.busbar.api.storage.TopicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some Retained Messages as they were at a moment.
 *
 * @param asOf the number of the last change that it shows for sure; what was changed later is not
 *     taken from here
 * @param found in the order of their keys
 * @param next where to read on, or null if there is no more
 */
record Page(long asOf, List<Found> found, @Nullable TopicKey next) {
    /**
     * A message of a page.
     *
     * @param hash of its topic
     */
    record Found(TopicKey key, Message message, long hash) {}
}
