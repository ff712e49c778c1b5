package io.busbar.api.uns;

/** An exception whose message programs can say in another language. */
public interface Reasoned {
    /** Why, without words. */
    Reason reason();
}
