/**
 * What the broker does with its store beyond the turn of a loop: it reads where a disk may be
 * waited for.
 */
@NullMarked
package io.busbar.mqtt.broker.store;

import org.jspecify.annotations.NullMarked;
