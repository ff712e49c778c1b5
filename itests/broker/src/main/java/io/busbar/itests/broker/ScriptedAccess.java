package io.busbar.itests.broker;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.Authorizer;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.auth.spi.Permissions;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;

/** Who may do what, as a test says; everybody may do everything to begin with. */
public final class ScriptedAccess implements Authenticator, Authorizer {
    private volatile Function<ConnectRequest, CompletionStage<AuthResult>> script =
            request -> CompletableFuture.completedFuture(granted(request.username()));
    private volatile Predicate<TopicName> publish = topic -> true;
    private volatile Predicate<TopicName> receive = topic -> true;
    private volatile Function<TopicFilter, Permissions.SubscribeDecision> subscribe =
            filter -> Permissions.SubscribeDecision.GRANTED;

    /** The answer for a user that is let in. */
    public static AuthResult granted(String username) {
        String name = username == null ? "" : username;
        return new AuthResult.Granted(principal(name, 0));
    }

    /** The identity of a user. */
    public static Principal principal(String name, int maxConnections) {
        return new Principal(
                "script:" + name,
                "script",
                name,
                "User " + name,
                List.of(AclRule.ALLOW_ALL),
                maxConnections);
    }

    public void authenticating(Function<ConnectRequest, CompletionStage<AuthResult>> newScript) {
        script = newScript;
    }

    public void publishing(Predicate<TopicName> allowed) {
        publish = allowed;
    }

    public void receiving(Predicate<TopicName> allowed) {
        receive = allowed;
    }

    public void subscribing(Function<TopicFilter, Permissions.SubscribeDecision> decision) {
        subscribe = decision;
    }

    @Override
    public String name() {
        return "script";
    }

    @Override
    public CompletionStage<AuthResult> authenticate(ConnectRequest request) {
        return script.apply(request);
    }

    @Override
    public Optional<Permissions> permissions(Principal principal, String clientId) {
        return Optional.of(
                new Permissions() {
                    @Override
                    public boolean mayPublish(TopicName topic) {
                        return publish.test(topic);
                    }

                    @Override
                    public boolean mayReceive(TopicName topic) {
                        return receive.test(topic);
                    }

                    @Override
                    public SubscribeDecision subscribe(TopicFilter filter) {
                        return subscribe.apply(filter);
                    }

                    @Override
                    public String reason(boolean publish, String topicOrFilter) {
                        return "the script says no";
                    }
                });
    }
}
