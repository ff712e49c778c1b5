package io.busbar.mqtt.broker.call;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A service that the broker asks, and how it may be called. Compared by identity. */
public final class Provider<T> {
    private final T service;
    private final Callee callee;
    private final @Nullable Bulkhead bulkhead;
    private volatile @Nullable Set<String> methods;

    Provider(T service, Callee callee, @Nullable Bulkhead bulkhead) {
        this.service = service;
        this.callee = callee;
        this.bulkhead = bulkhead;
    }

    public T service() {
        return service;
    }

    public Callee callee() {
        return callee;
    }

    /** Where it may block; null if it is called on event loops. */
    public @Nullable Bulkhead bulkhead() {
        return bulkhead;
    }

    /** What it says that it supports, if it is an enhanced authenticator and was asked already. */
    public @Nullable Set<String> methods() {
        return methods;
    }

    /** It has said what it supports. */
    public void methods(Set<String> said) {
        methods = said;
    }

    @Override
    public String toString() {
        return callee.toString();
    }
}
