/** Access for clients with a certificate that a listener has verified. */
@NullMarked
package io.busbar.auth.certificate;

import org.jspecify.annotations.NullMarked;
