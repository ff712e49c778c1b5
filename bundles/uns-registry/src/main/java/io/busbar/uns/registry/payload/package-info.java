/**
 * Reads payloads: finds the values in JSON without creating objects, reads times, and recognises
 * what kind of payload an unknown topic has.
 */
@NullMarked
package io.busbar.uns.registry.payload;

import org.jspecify.annotations.NullMarked;
