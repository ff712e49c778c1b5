/** What happens to clients: events for listeners, and the list and the counters of rejections. */
@NullMarked
package io.busbar.mqtt.broker.event;

import org.jspecify.annotations.NullMarked;
