package io.busbar.uns.registry.gate;

/**
 * Which messages a gate looks at. They differ in what happens if the gate fails, which is the
 * gate's to say and not the message's.
 */
enum Lane {
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

    boolean isOf(Guard guard) {
        return guard.refuses() == refuses();
    }
}
