/** The broker as a component: builds everything by constructor and publishes its services. */
@NullMarked
package io.busbar.mqtt.broker;

import org.jspecify.annotations.NullMarked;
