/** The services behind the API, which may come and go. */
@NullMarked
package io.busbar.web.api.backend;

import org.jspecify.annotations.NullMarked;
