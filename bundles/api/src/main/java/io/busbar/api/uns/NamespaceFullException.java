package io.busbar.api.uns;

/** The namespace has as many nodes as it may have; nothing was changed. */
public class NamespaceFullException extends RuntimeException implements Reasoned {
    private static final long serialVersionUID = 1L;

    private final long maximum;

    /**
     * Creates the exception.
     *
     * @param maximum how many nodes there may be
     */
    public NamespaceFullException(long maximum) {
        super(
                "nodes: more than "
                        + maximum
                        + " (expected: at most "
                        + maximum
                        + ", max.nodes of io.busbar.uns.registry)");
        this.maximum = maximum;
    }

    @Override
    public Reason reason() {
        return Reason.of(Reason.Code.FULL, "max", String.valueOf(maximum));
    }
}
