package io.busbar.api.uns;

/**
 * What kind of information a topic carries. The folder that contains the topic has the same name.
 */
public enum TopicType {
    /** Measured values that change continuously. */
    METRIC("Metric"),
    /** A state that lasts until it changes. */
    STATE("State"),
    /** A request to do something. */
    ACTION("Action");

    private final String folder;

    TopicType(String folder) {
        this.folder = folder;
    }

    /** The name of the type folder: Metric, State or Action. */
    public String folder() {
        return folder;
    }
}
