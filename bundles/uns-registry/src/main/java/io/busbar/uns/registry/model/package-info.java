/**
 * Models: their limits, how payloads are checked against them, and how a model is suggested from a
 * sample.
 */
@NullMarked
package io.busbar.uns.registry.model;

import org.jspecify.annotations.NullMarked;
