package io.busbar.api.uns;

import io.busbar.api.mqtt.Message;
import java.util.UUID;

/**
 * A message that was held back because it did not fit its model.
 *
 * @param id later ones have larger ones
 * @param message as it came
 * @param violation what was wrong with it then
 * @param revision of the topic's node then
 */
public record QuarantinedMessage(UUID id, Message message, Violation violation, long revision) {}
