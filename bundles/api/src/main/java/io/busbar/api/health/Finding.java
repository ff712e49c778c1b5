package io.busbar.api.health;

/**
 * One thing that is wrong.
 *
 * @param subject what it is about, one or two words for programs: {@code storage}
 * @param severity how bad it is
 * @param detail one line for people: what is wrong, and what to do. No secrets: everybody may read
 *     it
 */
public record Finding(String subject, Severity severity, String detail) {
    /** How bad it is. */
    public enum Severity {
        /** All are served, but somebody should look. */
        DEGRADED,
        /** The server does not do what it is for: it counts as not ready. */
        DOWN
    }

    /** All are served, but somebody should look. */
    public static Finding degraded(String subject, String detail) {
        return new Finding(subject, Severity.DEGRADED, detail);
    }

    /** The server does not do what it is for. */
    public static Finding down(String subject, String detail) {
        return new Finding(subject, Severity.DOWN, detail);
    }
}
