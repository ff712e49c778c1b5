/** What a search looks for, and how nodes, topics and values are compared with it. */
@NullMarked
package io.busbar.uns.registry.search;

import org.jspecify.annotations.NullMarked;
