/**
 * Strict reading and writing of JSON.
 *
 * <ul>
 *   <li>{@link io.busbar.json.Json} reads and writes JSON text.
 *   <li>{@link io.busbar.json.JsonStream} reads JSON text of any length, value by value.
 *   <li>{@link io.busbar.json.JsonFields} reads documents that people send, key by key, and reports
 *       all mistakes together.
 *   <li>{@link io.busbar.json.JsonMapper} reads and writes the server's own documents as records.
 *   <li>{@link io.busbar.json.JsonShape} builds a JSON object to be written.
 * </ul>
 */
@Export
@Version("1.1.0")
@NullMarked
package io.busbar.json;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
