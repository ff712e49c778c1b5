package io.busbar.api.uns;

import io.busbar.api.mqtt.Publisher;
import java.time.Instant;

/**
 * Violations of one topic that are alike: of the same code and field, by the same credential and
 * client.
 *
 * @param last the latest of them
 * @param publisher who sent the latest
 * @param count how many there were
 * @param firstAt when the first of them was
 */
public record ViolationKind(Violation last, Publisher publisher, long count, Instant firstAt) {}
