/** The services that the API uses; they may come and go. */
@NullMarked
package io.busbar.web.api.backend;

import org.jspecify.annotations.NullMarked;
