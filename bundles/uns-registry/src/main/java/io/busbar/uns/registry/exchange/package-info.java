/** Import and export of the namespace as a JSON file for people. */
@NullMarked
package io.busbar.uns.registry.exchange;

import org.jspecify.annotations.NullMarked;
