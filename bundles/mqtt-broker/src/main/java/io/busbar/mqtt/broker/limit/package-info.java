/** What one client may cost the server: every bound with its unit in the name. */
@NullMarked
package io.busbar.mqtt.broker.limit;

import org.jspecify.annotations.NullMarked;
