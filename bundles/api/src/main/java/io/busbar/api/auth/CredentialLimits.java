package io.busbar.api.auth;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What may stand in a credential: the one rule for each of its values, for whoever takes them from
 * people or programs. Lengths are in characters (code points).
 *
 * <p>The methods return in a few words what is wrong with a value and what was expected, without
 * the name of the field; or null if it may stand there.
 */
public final class CredentialLimits {
    /** Longest description. */
    public static final int MAX_DESCRIPTION = 255;

    /** Longest Client Identifier, further Client Identifier, and user name. */
    public static final int MAX_NAME = 120;

    /** Shortest password that a person may choose. */
    public static final int MIN_PASSWORD = 8;

    /** Longest password that a person may choose. */
    public static final int MAX_PASSWORD = 256;

    /** Most connections at the same time that a limit may be set to. */
    public static final int MAX_CONNECTIONS = 100_000;

    /** Most access rules. */
    public static final int MAX_RULES = 256;

    /** Longest filter of an access rule. */
    public static final int MAX_FILTER = 1024;

    /** Most networks it may connect from. */
    public static final int MAX_NETWORKS = 64;

    /** So much of a value is shown when it is refused. */
    private static final int SHOWN = 60;

    private static final int REPLACEMENT = 0xFFFD;

    private CredentialLimits() {}

    /** What is wrong with a description; white space at its ends does not count. */
    public static @Nullable String problemOfDescription(String value) {
        String text = value.strip();
        int length = length(text);
        boolean control = hasControl(text);
        if (length >= 1 && length <= MAX_DESCRIPTION && !control) {
            return null;
        }
        return (control ? "control character" : length + " characters")
                + " (expected: 1 to "
                + MAX_DESCRIPTION
                + " characters, no control characters)";
    }

    /** What is wrong with a Client Identifier, a further one, or a user name. */
    public static @Nullable String problemOfName(String value) {
        if (!value.isEmpty()
                && length(value) <= MAX_NAME
                && !hasControl(value)
                && value.equals(value.strip())
                && StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            return null;
        }
        return "\""
                + shown(value)
                + "\" (expected: 1 to "
                + MAX_NAME
                + " characters, no control characters, no space at either end)";
    }

    /** What is wrong with a password that a person chose; never shows it. */
    public static @Nullable String problemOfPassword(String value) {
        int length = length(value);
        return length >= MIN_PASSWORD && length <= MAX_PASSWORD
                ? null
                : length + " characters (expected: " + MIN_PASSWORD + " to " + MAX_PASSWORD + ")";
    }

    /** What is wrong with the filter of an access rule. */
    public static @Nullable String problemOfFilter(String value) {
        int length = length(value);
        String problem;
        if (value.isBlank()) {
            problem = "it is empty";
        } else if (length > MAX_FILTER) {
            problem = length + " characters (expected: 1 to " + MAX_FILTER + ")";
        } else if (hasControl(value)) {
            problem = "it has a control character";
        } else if (value.startsWith("$share/")) {
            problem = "it is a Shared Subscription (expected: what follows the share name)";
        } else {
            problem = AclFilter.problemOf(value);
        }
        return problem == null ? null : "\"" + shown(value) + "\" is no topic filter: " + problem;
    }

    /** What is wrong with a network that clients may connect from. */
    public static @Nullable String problemOfNetwork(String value) {
        try {
            Network.of(value);
            return null;
        } catch (IllegalArgumentException e) {
            return shown(value)
                    + " (expected: an IP address or a block such as 192.168.1.0/24 or fd00::/8)";
        }
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    /** A value as a message shows it: in one line, and not at any length. */
    private static String shown(String value) {
        StringBuilder line = new StringBuilder();
        value.codePoints()
                .limit(SHOWN)
                .map(c -> Character.isISOControl(c) ? REPLACEMENT : c)
                .forEach(line::appendCodePoint);
        return length(value) > SHOWN ? line.append("…").toString() : line.toString();
    }
}
