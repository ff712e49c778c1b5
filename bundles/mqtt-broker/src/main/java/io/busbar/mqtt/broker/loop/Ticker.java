package io.busbar.mqtt.broker.loop;

/** Time that only moves forward, for measuring how long something took. */
@FunctionalInterface
public interface Ticker {
    /** The ticker of the machine. */
    Ticker SYSTEM = System::nanoTime;

    /** Nanoseconds since some moment. */
    long nanos();
}
