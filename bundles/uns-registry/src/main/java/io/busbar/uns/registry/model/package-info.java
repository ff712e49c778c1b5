/**
 * Models: their bounds, how they are held against payloads, and how a first one is read off a
 * sample.
 */
@NullMarked
package io.busbar.uns.registry.model;

import org.jspecify.annotations.NullMarked;
