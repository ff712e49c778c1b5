package io.busbar.api.uns;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Names how the bytes of a topic's payload are read. A {@link io.busbar.api.uns.spi.PayloadReader}
 * registers under this name. The server can read the formats that have a constant here. Any other
 * format needs a bundle with a reader for it.
 *
 * @param name 1 to 32 upper-case letters, digits and {@code _}, beginning with a letter
 */
public record PayloadFormat(String name) {
    // First: the constants below are checked against it.
    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]{0,31}");

    /** A JSON object with the fields of the model. */
    public static final PayloadFormat JSON = new PayloadFormat("JSON");

    /** A single JSON value. */
    public static final PayloadFormat SCALAR = new PayloadFormat("SCALAR");

    /** UTF-8 text. */
    public static final PayloadFormat TEXT = new PayloadFormat("TEXT");

    /** Bytes that are not interpreted. */
    public static final PayloadFormat BINARY = new PayloadFormat("BINARY");

    /** Sparkplug B protobuf, which is not interpreted: it is shown as bytes. */
    public static final PayloadFormat SPARKPLUG_B = new PayloadFormat("SPARKPLUG_B");

    /** The formats that need no further bundle. */
    public static final List<PayloadFormat> BUILT_IN =
            List.of(JSON, SCALAR, TEXT, BINARY, SPARKPLUG_B);

    public PayloadFormat {
        Objects.requireNonNull(name, "name");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "payload format: '"
                            + name
                            + "' (expected: 1 to 32 upper-case letters, digits and '_', beginning"
                            + " with a letter)");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
