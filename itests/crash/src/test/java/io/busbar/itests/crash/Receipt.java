package io.busbar.itests.crash;

/**
 * A message that a subscriber was given: at QoS 2 only what its client handed on to the
 * application, at QoS 1 every PUBLISH.
 *
 * @param session the Client Identifier with the number of the session
 * @param connection counts the connections of all clients
 * @param life how many times the server had been killed when the connection was made
 * @param at after PUBLISH was read
 */
record Receipt(
        String session,
        Publication.Id message,
        String topic,
        int qos,
        boolean dup,
        long connection,
        int life,
        long at) {}
