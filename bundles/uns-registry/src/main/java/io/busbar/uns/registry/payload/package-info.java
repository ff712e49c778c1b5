/**
 * Reads the bytes of payloads: finds the values of a JSON text without making objects, reads times,
 * and tells what a payload is that nobody has described.
 */
@NullMarked
package io.busbar.uns.registry.payload;

import org.jspecify.annotations.NullMarked;
