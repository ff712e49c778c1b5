/** The shapes of the API document, made of the server's objects. */
@NullMarked
package io.busbar.web.api.view;

import org.jspecify.annotations.NullMarked;
