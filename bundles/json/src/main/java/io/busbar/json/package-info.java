/**
 * JSON in and out, the strict way.
 *
 * <ul>
 *   <li>{@link io.busbar.json.Json} reads and writes text.
 *   <li>{@link io.busbar.json.JsonFields} reads what people send, key by key, and reports all their
 *       mistakes together.
 *   <li>{@link io.busbar.json.JsonMapper} reads and writes records: our own documents.
 *   <li>{@link io.busbar.json.JsonShape} builds an object to be written.
 * </ul>
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.json;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
