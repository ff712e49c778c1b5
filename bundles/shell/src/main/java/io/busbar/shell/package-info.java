/**
 * Commands for the Karaf shell: {@code edge:*} for clients and their credentials, {@code uns:*} for
 * the namespace. One class per command. If a command lacks something it needs, it says so in one
 * sentence.
 */
@NullMarked
package io.busbar.shell;

import org.jspecify.annotations.NullMarked;
