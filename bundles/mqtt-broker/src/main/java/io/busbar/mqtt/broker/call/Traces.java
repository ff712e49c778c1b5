package io.busbar.mqtt.broker.call;

/** Where a thread is at the moment, for the log. */
final class Traces {
    private static final int FRAMES = 12;

    private Traces() {}

    static String of(Thread thread) {
        StringBuilder text = new StringBuilder();
        StackTraceElement[] stack = thread.getStackTrace();
        for (int i = 0; i < Math.min(FRAMES, stack.length); i++) {
            text.append("\n\tat ").append(stack[i]);
        }
        return text.toString();
    }
}
