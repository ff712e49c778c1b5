/**
 * MQTT credentials: creating, listing, changing and deleting them. A credential consists of Client
 * Identifier, user name and password.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.auth;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
