package io.busbar.api.auth;

import io.busbar.api.auth.ValueProblem.Code;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What may stand in a credential: the one rule for each of its values, for whoever takes them from
 * people or programs. Lengths are in characters (code points).
 *
 * <p>The methods return what is wrong with a value and what was expected, without the name of the
 * field; or null if it may stand there.
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
    public static @Nullable ValueProblem problemOfDescription(String value) {
        String text = value.strip();
        int length = length(text);
        String expected =
                " (expected: 1 to " + MAX_DESCRIPTION + " characters, no control characters)";
        if (hasControl(text)) {
            return ValueProblem.of("control character" + expected, Code.CONTROL_CHARACTER);
        }
        return length >= 1 && length <= MAX_DESCRIPTION
                ? null
                : ValueProblem.ofLength(
                        length + " characters" + expected, length, 1, MAX_DESCRIPTION);
    }

    /** What is wrong with a Client Identifier, a further one, or a user name. */
    public static @Nullable ValueProblem problemOfName(String value) {
        int length = length(value);
        String text =
                "\""
                        + shown(value)
                        + "\" (expected: 1 to "
                        + MAX_NAME
                        + " characters, no control characters, no space at either end)";
        if (length < 1 || length > MAX_NAME) {
            return ValueProblem.ofLength(text, length, 1, MAX_NAME);
        } else if (hasControl(value)) {
            return ValueProblem.of(text, Code.CONTROL_CHARACTER);
        } else if (!value.equals(value.strip())) {
            return ValueProblem.of(text, Code.NAME_SPACE, shown(value));
        }
        return StandardCharsets.UTF_8.newEncoder().canEncode(value)
                ? null
                : ValueProblem.of(text, Code.NO_UNICODE);
    }

    /** What is wrong with a password that a person chose; never shows it. */
    public static @Nullable ValueProblem problemOfPassword(String value) {
        int length = length(value);
        return length >= MIN_PASSWORD && length <= MAX_PASSWORD
                ? null
                : ValueProblem.ofLength(
                        length
                                + " characters (expected: "
                                + MIN_PASSWORD
                                + " to "
                                + MAX_PASSWORD
                                + ")",
                        length,
                        MIN_PASSWORD,
                        MAX_PASSWORD);
    }

    /** What is wrong with the filter of an access rule. */
    public static @Nullable ValueProblem problemOfFilter(String value) {
        int length = length(value);
        String none = "\"" + shown(value) + "\" is no topic filter: ";
        if (value.isBlank()) {
            return ValueProblem.of(none + "it is empty", Code.EMPTY);
        } else if (length > MAX_FILTER) {
            return ValueProblem.ofLength(
                    none + length + " characters (expected: 1 to " + MAX_FILTER + ")",
                    length,
                    1,
                    MAX_FILTER);
        } else if (hasControl(value)) {
            return ValueProblem.of(none + "it has a control character", Code.CONTROL_CHARACTER);
        } else if (value.startsWith("$share/")) {
            return ValueProblem.of(
                    none + "it is a Shared Subscription (expected: what follows the share name)",
                    Code.SHARED_FILTER,
                    shown(value));
        }
        String problem = AclFilter.problemOf(value);
        return problem == null ? null : ValueProblem.of(none + problem, Code.FILTER, shown(value));
    }

    /** What is wrong with a network that clients may connect from. */
    public static @Nullable ValueProblem problemOfNetwork(String value) {
        try {
            Network.of(value);
            return null;
        } catch (IllegalArgumentException e) {
            return ValueProblem.of(
                    shown(value)
                            + " (expected: an IP address or a block such as 192.168.1.0/24 or"
                            + " fd00::/8)",
                    Code.NETWORK,
                    shown(value));
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
