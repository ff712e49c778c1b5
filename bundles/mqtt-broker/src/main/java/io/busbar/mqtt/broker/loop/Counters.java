package io.busbar.mqtt.broker.loop;

/**
 * What one loop counted. Written by its loop alone without synchronisation; readers see a figure of
 * a moment ago.
 */
public final class Counters {
    public long packetsIn;
    public long packetsOut;
    public long publishIn;
    public long publishOut;
    public long publishBytesIn;
    public long publishBytesOut;
    public long dropped;
    public long denied;
    public long droppedQueueFull;
    public long droppedNotWritable;
    public long droppedTooLarge;
    public long droppedExpired;
    public long held;
    public long failures;
}
