package io.busbar.auth.acl;

import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.Principal;
import io.busbar.api.auth.Ruling;
import io.busbar.api.auth.spi.Authorizer;
import io.busbar.api.auth.spi.Permissions;
import io.busbar.api.mqtt.TopicName;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/** Decides what a client may do by the access rules in its principal. */
@Component(
        service = Authorizer.class,
        immediate = true,
        property = Authorizer.BLOCKING + ":Boolean=false")
public final class AclAuthorizer implements Authorizer {
    @Override
    public Optional<Permissions> permissions(Principal principal, String clientId) {
        return Optional.of(AclPermissions.compile(principal.acl(), clientId, principal.username()));
    }

    @Override
    public Optional<Ruling> ruling(
            Principal principal, String clientId, Action action, TopicName topic) {
        return Optional.of(AclRuling.of(principal, clientId, action, topic));
    }
}
