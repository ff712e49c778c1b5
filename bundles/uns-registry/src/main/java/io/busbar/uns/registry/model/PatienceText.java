package io.busbar.uns.registry.model;

import java.util.regex.Pattern;

/**
 * A text that limits how much work a regular expression does on it: the match is aborted after too
 * many steps. Otherwise a badly written pattern and an unlucky payload could block the namespace
 * for everybody.
 */
public final class PatienceText implements CharSequence {
    private static final int MAX_LOOKS = 100_000;

    private final String text;
    private int looks;

    private PatienceText(String text) {
        this.text = text;
    }

    /** Whether the whole text matches; false also if finding out takes too long. */
    public static boolean matches(Pattern pattern, String text) {
        try {
            return pattern.matcher(new PatienceText(text)).matches();
        } catch (OutOfPatience | StackOverflowError ignored) {
            return false;
        }
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (++looks > MAX_LOOKS) {
            throw new OutOfPatience();
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }

    private static final class OutOfPatience extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutOfPatience() {
            super(null, null, false, false);
        }
    }
}
