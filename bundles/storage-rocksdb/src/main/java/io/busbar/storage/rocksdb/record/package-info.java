/**
 * How things look on the disk: the only place that knows the bytes of keys and values.
 *
 * <p>Every value begins with the number of its format and ends with a CRC32C of all before it.
 * Numbers in keys are big-endian, so that keys sort as numbers do; in values they take as many
 * bytes as they need.
 */
@NullMarked
package io.busbar.storage.rocksdb.record;

import org.jspecify.annotations.NullMarked;
