package io.busbar.api.auth.spi;

import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.Principal;
import io.busbar.api.auth.Ruling;
import io.busbar.api.mqtt.TopicName;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decides what a client may do. Published as a service. Several authorizers are asked in the order
 * of {@code service.ranking}, highest first; the first one that returns a result decides. If there
 * is none, nothing is allowed.
 *
 * <p>The broker asks once per connection, and again when the client's principal changes, and keeps
 * the answer. Calls may block, unless the service property {@link #BLOCKING} says {@code false}:
 * threads, time and going are those of an {@link Authenticator}. A client that connects is refused
 * as "server unavailable" if there is no answer in time; one that is connected is disconnected
 * (0x89), because nobody knows what it may still do.
 *
 * <p>The {@link Permissions} that it returns must not block in any case.
 */
@ConsumerType
public interface Authorizer {
    /**
     * Name of the service property that says whether calls may block: {@code true} (the default) or
     * {@code false}. See above for what that means.
     */
    String BLOCKING = "blocking";

    /**
     * Returns what the client may do, or empty to leave the decision to the next authorizer.
     *
     * @param principal the authenticated identity
     * @param clientId the Client Identifier of the connection
     */
    Optional<Permissions> permissions(Principal principal, String clientId);

    /**
     * Names what decides about a topic, for people who ask why; no message waits for it. The
     * verdict is that of the {@link #permissions}. One that has no rules to name need not implement
     * it.
     *
     * @param principal the identity, with the rules that it has or would have
     * @param clientId the Client Identifier of the connection
     * @param action what the client wants to do: {@link Action#PUBLISH} or {@link
     *     Action#SUBSCRIBE}, which stands for receiving
     * @return empty to leave the decision to the next authorizer
     */
    default Optional<Ruling> ruling(
            Principal principal, String clientId, Action action, TopicName topic) {
        return permissions(principal, clientId)
                .map(
                        rights -> {
                            boolean publish = action == Action.PUBLISH;
                            boolean allowed =
                                    publish ? rights.mayPublish(topic) : rights.mayReceive(topic);
                            return Ruling.without(
                                    allowed, allowed ? "" : rights.reason(publish, topic.value()));
                        });
    }
}
