package io.busbar.auth.certificate;

import io.busbar.api.auth.AclFilter;
import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.AclRule.Effect;
import io.busbar.api.auth.ClientIdClaim;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.ClientIdOwners;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.config.Restart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * Lets in clients whose certificate was verified by a listener; the certificate says who they are.
 * A client that also presents a password, or a different user name, is left to the other
 * authenticators. Immutable.
 */
@Component(
        service = {Authenticator.class, ClientIdOwners.class},
        immediate = true,
        configurationPid = "io.busbar.auth.certificate",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = {"service.ranking:Integer=10", Authenticator.BLOCKING + ":Boolean=false"})
@Designate(ocd = CertificateAuthenticator.Config.class)
public final class CertificateAuthenticator implements Authenticator, ClientIdOwners {
    /** The configuration. */
    @ObjectClassDefinition(name = "MQTT clients known by their certificates")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "Names of the listeners that count, separated by commas; empty = all that"
                                + " ask for client certificates",
                required = false)
        String[] listeners() default {};

        @AttributeDefinition(
                description =
                        "Client Identifiers that a certificate may connect with: exact is the"
                                + " certificate's name, prefix also the name followed by - and"
                                + " anything, any is any",
                options = {@Option("exact"), @Option("prefix"), @Option("any")})
        String client_id() default "exact";

        @AttributeDefinition(
                description =
                        "Access rules of all of them, separated by commas: read, write, readwrite"
                                + " or deny, and a topic filter in which %u stands for the"
                                + " certificate's name and %c for the Client Identifier; empty ="
                                + " nothing is allowed",
                required = false)
        String[] rules() default {};
    }

    static final String NAME = "certificate";
    private static final String ID_PREFIX = NAME + ":";

    private final List<Object> values;
    private final List<String> listeners;
    private final ClientIdPolicy clientIds;
    private final List<AclRule> rules;

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException if it is wrong; the message says what is expected
     */
    @Activate
    public CertificateAuthenticator(Config config) {
        this(config.client_id(), config.listeners(), config.rules());
    }

    /** Other rules are another provider; what changes no value disturbs nobody. */
    @Modified
    void modified(Config config, ComponentContext component) {
        if (!values(config.client_id(), config.listeners(), config.rules()).equals(values)) {
            Restart.of(component, CertificateAuthenticator.class);
        }
    }

    private static List<Object> values(String clientId, String[] listeners, String[] rules) {
        return List.of(clientId, list(listeners), list(rules));
    }

    CertificateAuthenticator(String clientId, String[] listeners, String[] rules) {
        this.values = values(clientId, listeners, rules);
        this.listeners = list(listeners);
        this.clientIds = policy(clientId);
        this.rules = list(rules).stream().map(CertificateAuthenticator::rule).toList();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public CompletionStage<AuthResult> authenticate(ConnectRequest request) {
        return CompletableFuture.completedFuture(judge(request));
    }

    /** Which certificates there are is not known before they come. */
    @Override
    public ClientIdClaim strongest(String clientId) {
        return ClientIdClaim.NONE;
    }

    @Override
    public ClientIdClaim claim(String principalId, String clientId) {
        return principalId.startsWith(ID_PREFIX)
                ? clientIds.claim(principalId.substring(ID_PREFIX.length()), clientId)
                : ClientIdClaim.NONE;
    }

    private AuthResult judge(ConnectRequest request) {
        String identity = request.certificateSubject();
        String username = request.username();
        if (identity == null
                || identity.isEmpty()
                || request.password() != null
                || username != null && !username.equals(identity)
                || !listeners.isEmpty() && !listeners.contains(request.listener())) {
            return AuthResult.ABSTAIN;
        }
        String id = ID_PREFIX + identity;
        if (clientIds != ClientIdPolicy.ANY
                && (request.clientIdAssigned()
                        || !clientIds.accepts(identity, request.clientId()))) {
            return new AuthResult.Refused(AuthResult.Cause.CLIENT_ID_NOT_ALLOWED, id, identity);
        }
        return new AuthResult.Granted(new Principal(id, NAME, identity, identity, rules, 0));
    }

    private static ClientIdPolicy policy(String text) {
        try {
            return ClientIdPolicy.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "io.busbar.auth.certificate: client.id = "
                            + text
                            + " (expected: exact, prefix or any)",
                    e);
        }
    }

    /**
     * Reads a rule.
     *
     * @throws IllegalArgumentException if it is none
     */
    static AclRule rule(String text) {
        int space = text.indexOf(' ');
        String word = space < 0 ? text : text.substring(0, space);
        String filter = space < 0 ? "" : text.substring(space + 1).strip();
        Effect effect = word.equals("deny") ? Effect.DENY : Effect.ALLOW;
        Action action =
                switch (word) {
                    case "read" -> Action.SUBSCRIBE;
                    case "write" -> Action.PUBLISH;
                    case "readwrite", "deny" -> Action.BOTH;
                    default ->
                            throw new IllegalArgumentException(
                                    "io.busbar.auth.certificate: rules: "
                                            + text
                                            + " (expected: read, write, readwrite or deny, and a"
                                            + " topic filter)");
                };
        String problem = AclFilter.problemOf(filter);
        if (problem != null) {
            throw new IllegalArgumentException(
                    "io.busbar.auth.certificate: rules: topic filter \""
                            + filter
                            + "\" "
                            + problem);
        }
        return new AclRule(effect, action, filter);
    }

    private static List<String> list(String[] values) {
        List<String> all = new ArrayList<>();
        for (String each : values) {
            Arrays.stream(each.split(","))
                    .map(String::strip)
                    .filter(one -> !one.isEmpty())
                    .forEach(all::add);
        }
        return List.copyOf(all);
    }
}
