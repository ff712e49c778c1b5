/**
 * What makes messages of QoS 2 come exactly once, even if the server ends while they are taken
 * over: each has a receipt, each shard has a mark of whom it has given them to.
 */
@NullMarked
package io.busbar.mqtt.broker.receipt;

import org.jspecify.annotations.NullMarked;
