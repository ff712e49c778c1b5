package io.busbar.api.uns;

import java.time.Instant;

/**
 * A topic whose last value was measured longer ago than its node allows.
 *
 * @param path the path of its node
 * @param topic the MQTT topic on which its values come
 * @param since since when it is stale: the time of the value and {@code afterSeconds}
 * @param afterSeconds after how long a value is stale
 */
public record StaleTopic(String path, String topic, Instant since, int afterSeconds) {}
