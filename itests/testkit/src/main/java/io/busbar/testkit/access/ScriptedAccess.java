package io.busbar.testkit.access;

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
import org.jspecify.annotations.Nullable;

/** An authenticator and authorizer that a test controls. At first everybody may do everything. */
public final class ScriptedAccess implements Authenticator, Authorizer {
    private volatile Function<ConnectRequest, CompletionStage<AuthResult>> script =
            request -> CompletableFuture.completedFuture(granted(request.username()));
    private volatile Predicate<String> publish = topic -> true;
    private volatile Predicate<String> receive = topic -> true;
    private volatile Function<TopicFilter, Permissions.SubscribeDecision> subscribe =
            filter -> Permissions.SubscribeDecision.GRANTED;

    /** The answer for a user that is let in. */
    public static AuthResult granted(@Nullable String username) {
        String name = username == null ? "" : username;
        return new AuthResult.Granted(principal(name, 0));
    }

    /**
     * The identity of a user.
     *
     * @param maxConnections at a time; 0 is no limit
     */
    public static Principal principal(String name, int maxConnections) {
        return new Principal("test:" + name, "test", name, name, List.of(), maxConnections);
    }

    /** How everybody is answered from now on. */
    public void authenticating(Function<ConnectRequest, CompletionStage<AuthResult>> newScript) {
        script = newScript;
    }

    /** To which topics everybody may publish. */
    public void publishing(Predicate<String> allowed) {
        publish = allowed;
    }

    /** From which topics everybody may receive, where a subscription is filtered. */
    public void receiving(Predicate<String> allowed) {
        receive = allowed;
    }

    /** What everybody may subscribe to. */
    public void subscribing(Function<TopicFilter, Permissions.SubscribeDecision> decision) {
        subscribe = decision;
    }

    @Override
    public String name() {
        return "test";
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
                        return publish.test(topic.value());
                    }

                    @Override
                    public boolean mayReceive(TopicName topic) {
                        return receive.test(topic.value());
                    }

                    @Override
                    public SubscribeDecision subscribe(TopicFilter filter) {
                        return subscribe.apply(filter);
                    }

                    @Override
                    public String reason(boolean publish, String topicOrFilter) {
                        return "rule 1";
                    }
                });
    }
}
