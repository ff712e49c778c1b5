package io.busbar.auth.anonymous;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Listeners;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in every client that no other authenticator knows, if it runs on this machine and uses a
 * listener that only this machine can reach. Intended for benchmarks and conformance tests. It is
 * asked after all other authenticators, and is active only while it is configured.
 */
@Component(
        service = Authenticator.class,
        immediate = true,
        configurationPid = "io.busbar.auth.anonymous",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = {"service.ranking:Integer=-1000000", Authenticator.BLOCKING + ":Boolean=false"})
public final class AnonymousAuthenticator implements Authenticator {
    static final String NAME = "anonymous";

    /**
     * All of them are one identity, that of this machine: a name that a client makes up must not
     * give it a share of the server's memory of its own.
     */
    private static final String IDENTITY = NAME + ":this machine";

    private static final Logger LOG = LoggerFactory.getLogger(AnonymousAuthenticator.class);

    private volatile @Nullable Listeners listeners;

    @Activate
    public AnonymousAuthenticator() {
        LOG.warn(
                "Anonymous access is ON: every program on this machine may connect to loopback MQTT"
                    + " listeners without a password, and publish and read everything. Remove the"
                    + " configuration io.busbar.auth.anonymous to switch it off");
    }

    @Deactivate
    void deactivate() {
        LOG.info("Anonymous access is off");
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setListeners(Listeners added) {
        listeners = added;
    }

    void unsetListeners(Listeners removed) {
        if (listeners == removed) {
            listeners = null;
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public CompletionStage<AuthResult> authenticate(ConnectRequest request) {
        return CompletableFuture.completedFuture(
                request.address().isLoopbackAddress() && isLoopback(request.listener())
                        ? new AuthResult.Granted(principal(request))
                        : AuthResult.ABSTAIN);
    }

    private static Principal principal(ConnectRequest request) {
        String username = request.username();
        return new Principal(
                IDENTITY,
                NAME,
                username == null ? "" : username,
                "Anonymous client",
                AclRule.DEFAULT,
                0);
    }

    /**
     * A proxy on this machine could bring the whole world in from a loopback address; so the
     * listener must be for this machine as well.
     */
    private boolean isLoopback(String listener) {
        Listeners known = listeners;
        if (known == null) {
            return false;
        }
        for (ListenerView view : known.list()) {
            if (view.name().equals(listener)) {
                return view.isLocal();
            }
        }
        return false;
    }
}
