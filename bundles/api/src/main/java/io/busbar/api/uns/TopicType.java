package io.busbar.api.uns;

/** What kind of information a topic carries; its folder in a topic's path has the same name. */
public enum TopicType {
    /** Measured values that change all the time. */
    METRIC("Metric"),
    /** A condition that holds until it changes. */
    STATE("State"),
    /** A wish that something be done. */
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
