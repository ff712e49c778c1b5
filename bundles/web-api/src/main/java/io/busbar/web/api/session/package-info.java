/** Who is signed in: sessions of people, in memory only, so that a restart signs everybody out. */
@NullMarked
package io.busbar.web.api.session;

import org.jspecify.annotations.NullMarked;
