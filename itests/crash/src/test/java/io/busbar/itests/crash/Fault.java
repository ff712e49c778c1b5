package io.busbar.itests.crash;

/**
 * Something that must not be.
 *
 * @param kind what rule was broken
 * @param client the Client Identifier, with the number of its session
 * @param topic the topic or filter, or empty
 * @param expected what should have been
 * @param seen what was
 */
record Fault(Kind kind, String client, String topic, String expected, String seen) {
    enum Kind {
        /** An acknowledged message did not reach a subscription that was there. */
        LOST,
        /** A message came more often than its QoS allows. */
        DOUBLE,
        /**
         * The same, of a QoS 2 message that was on its way when the server was killed, so that its
         * publisher sent it again: a gap that is known, see the README.
         */
        TWICE_IN_CRASH,
        /** Messages of one publisher on one topic came in another order. */
        ORDER,
        /** A message came though no subscription asked for it. */
        GHOST_MESSAGE,
        /** A Retained Message is neither the last that was acknowledged nor a later one. */
        RETAINED,
        /** A session is there that has to be gone. */
        GHOST_SESSION,
        /** A session is gone that has to be there. */
        LOST_SESSION,
        /** A Will Message was published too early, twice, without need, or not at all. */
        WILL,
        /** The server did not keep to the protocol. */
        PROTOCOL,
        /** The server did not start, did not answer, or logged an error. */
        SERVER
    }
}
