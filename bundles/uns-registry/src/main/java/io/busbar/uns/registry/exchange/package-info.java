/** The namespace as one JSON file for people: import and export. */
@NullMarked
package io.busbar.uns.registry.exchange;

import org.jspecify.annotations.NullMarked;
