package io.busbar.mqtt.transport.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Reads and checks single values of a configuration. */
public final class ConfigValues {
    private ConfigValues() {}

    /**
     * Checks a number.
     *
     * @throws ConfigException if it is out of bounds
     */
    public static void inRange(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ConfigException(
                    key + " = " + value + " (expected: " + least + ".." + most + ")", null);
        }
    }

    /** The values of a key that takes several: separated by commas, or one in each element. */
    public static List<String> list(String[] values) {
        return Arrays.stream(values)
                .flatMap(each -> Arrays.stream(each.split(",")))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .toList();
    }

    /**
     * The files that a key names.
     *
     * @throws ConfigException if one cannot be the name of a file
     */
    public static List<Path> paths(String[] values) {
        try {
            return list(values).stream().map(Path::of).toList();
        } catch (InvalidPathException e) {
            throw new ConfigException(e.getMessage() + " (expected: a path)", e);
        }
    }
}
