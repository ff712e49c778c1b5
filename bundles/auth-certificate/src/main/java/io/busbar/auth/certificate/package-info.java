/** Access for clients that a listener knows by their certificates. */
@NullMarked
package io.busbar.auth.certificate;

import org.jspecify.annotations.NullMarked;
