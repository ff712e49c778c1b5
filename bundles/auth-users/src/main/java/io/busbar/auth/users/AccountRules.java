package io.busbar.auth.users;

import io.busbar.api.accounts.Accounts;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** Which names and passwords accounts may have, and in which form both are compared. */
final class AccountRules {
    /** Longer ones cost memory and say nothing more. */
    private static final int MAX_PASSWORD_LENGTH = 256;

    private static final Pattern USERNAME =
            Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._@-]{0,63}");

    private AccountRules() {}

    /**
     * Returns the name in the form in which it is kept.
     *
     * @throws IllegalArgumentException if an account may not have it
     */
    static String name(String username) {
        String name = Normalizer.normalize(username, Normalizer.Form.NFC);
        if (!USERNAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "username: \""
                            + username
                            + "\" (expected: 1 to 64 letters, digits, . _ - @, beginning with a"
                            + " letter or digit)");
        }
        return name;
    }

    /** What the account of that name is found by: names differ by more than their case. */
    static String key(String username) {
        return Normalizer.normalize(username, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the password in the form that is hashed.
     *
     * @throws IllegalArgumentException if it is too short or too long
     */
    static byte[] password(String password) {
        int length = password.codePointCount(0, password.length());
        if (length < Accounts.MIN_PASSWORD_LENGTH || length > MAX_PASSWORD_LENGTH) {
            throw new IllegalArgumentException(
                    "password: "
                            + length
                            + " characters (expected: "
                            + Accounts.MIN_PASSWORD_LENGTH
                            + " to "
                            + MAX_PASSWORD_LENGTH
                            + ")");
        }
        return bytes(password);
    }

    /** The form that is hashed of a password that somebody presents, however long it is. */
    static byte[] presented(String password) {
        return bytes(
                password.length() > 4 * MAX_PASSWORD_LENGTH
                        ? password.substring(0, 4 * MAX_PASSWORD_LENGTH)
                        : password);
    }

    /** One form of each character, so that a password typed on another keyboard is the same. */
    private static byte[] bytes(String password) {
        return Normalizer.normalize(password, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
    }
}
