/**
 * Commands for the Karaf shell: {@code edge:*} for clients and their credentials, {@code uns:*} for
 * the namespace. One class per command; what it needs and does not find it says in a sentence.
 */
@NullMarked
package io.busbar.shell;

import org.jspecify.annotations.NullMarked;
