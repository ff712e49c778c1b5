/** The configuration of the bundle: the annotation is its only source, the record what it means. */
@NullMarked
package io.busbar.web.api.config;

import org.jspecify.annotations.NullMarked;
