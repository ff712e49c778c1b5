package io.busbar.uns.registry.gate;

/**
 * Which messages a gate looks at. They differ in what happens if the gate fails, which is the
 * gate's to say and not the message's.
 */
enum Lane {
    /** Those of topics of which so many may come in a second. If nobody counts, they pass. */
    PACING("uns-gate-pacing"),
    /** Those that are refused if they do not fit, and all of topics that nobody modelled. */
    REFUSING("uns-gate-refusing"),
    /** Those that are delivered even if nobody can check them. */
    TELLING("uns-gate-telling");

    private final String title;

    Lane(String title) {
        this.title = title;
    }

    /** What operators call it. */
    String title() {
        return title;
    }

    /** Whether messages are refused if they cannot be checked. */
    boolean refuses() {
        return this == REFUSING;
    }

    /** Gates with a higher one are asked first: what comes too fast is not worth a reading. */
    int rank() {
        return this == PACING ? 1 : 0;
    }

    boolean isOf(Guard guard) {
        return switch (this) {
            case PACING -> guard.pace() != null;
            case REFUSING -> guard.checks() && guard.refuses();
            case TELLING -> guard.checks() && !guard.refuses();
        };
    }
}
