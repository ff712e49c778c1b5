/**
 * The bundle's configuration: an annotation that defines the keys, and a record with the checked
 * values.
 */
@NullMarked
package io.busbar.web.api.config;

import org.jspecify.annotations.NullMarked;
