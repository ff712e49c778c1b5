package io.busbar.api.uns;

/** What happens to messages of topics that nobody has modelled. */
public enum TopicPolicy {
    /** They are delivered, and their topics are listed as unmodelled. */
    ALLOW,
    /**
     * As {@link #ALLOW}; after {@link #AUTO_CREATE_AFTER} messages a topic becomes a node with the
     * model that is proposed for them.
     */
    AUTO_CREATE,
    /**
     * They are refused with 0x90 (Topic Name invalid): neither retained nor delivered, and not
     * listed as unmodelled topics.
     */
    DENY;

    /** So many messages of a topic are looked at before {@link #AUTO_CREATE} models it. */
    public static final int AUTO_CREATE_AFTER = 20;
}
