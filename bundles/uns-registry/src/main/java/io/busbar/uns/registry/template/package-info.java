/** Templates: models that many topics share, in versions that never change. */
@NullMarked
package io.busbar.uns.registry.template;

import org.jspecify.annotations.NullMarked;
