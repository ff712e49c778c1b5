/** The limits on what clients may cost the server. The name of each limit contains its unit. */
@NullMarked
package io.busbar.mqtt.broker.limit;

import org.jspecify.annotations.NullMarked;
