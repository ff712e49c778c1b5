package io.busbar.itests.fuzz;

import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.AuthResult.Cause;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.Authorizer;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.auth.spi.EnhancedAuthenticator;
import io.busbar.api.auth.spi.Permissions;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.link.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what, by the first letter of names, so that an input can reach every answer.
 *
 * <pre>
 * user name n…: refused      o…: one connection     w…: the answer comes later
 * topic     n…: no publishing, no subscribing       s…: no receiving
 * AUTH      y…: granted      c…: continue           w…: the answer comes later   else: refused
 * </pre>
 */
final class Access implements Authenticator, EnhancedAuthenticator, Authorizer, Permissions {
    private static final int LATER_MILLIS = 10;
    private static final byte[] QUESTION = {'?'};

    private final EventLoop home;
    private final String reserved;
    private boolean reservedIsOpen;

    /**
     * Makes one.
     *
     * @param home where answers that come later are given
     * @param reserved the Client Identifier that only the bystander may have
     */
    Access(EventLoop home, String reserved) {
        this.home = home;
        this.reserved = reserved;
    }

    /** Whether the bystander may connect. */
    void reservedIsOpen(boolean now) {
        reservedIsOpen = now;
    }

    private static boolean begins(@Nullable String name, char with) {
        return name != null && !name.isEmpty() && name.charAt(0) == with;
    }

    private <T> CompletionStage<T> later(T answer) {
        CompletableFuture<T> stage = new CompletableFuture<>();
        home.schedule(() -> stage.complete(answer), LATER_MILLIS);
        return stage;
    }

    @Override
    public String name() {
        return "letters";
    }

    @Override
    public CompletionStage<AuthResult> authenticate(ConnectRequest request) {
        String user = request.username();
        if (request.clientId().equals(reserved) && !reservedIsOpen || begins(user, 'n')) {
            return CompletableFuture.completedFuture(
                    new AuthResult.Refused(Cause.WRONG_PASSWORD, null, null));
        }
        AuthResult granted = new AuthResult.Granted(principal(request));
        return begins(user, 'w') ? later(granted) : CompletableFuture.completedFuture(granted);
    }

    private Principal principal(ConnectRequest request) {
        String user =
                request.clientId().equals(reserved)
                        ? reserved
                        : request.username() == null ? "" : request.username();
        return new Principal(
                "letters:" + user, "letters", user, user, List.of(), begins(user, 'o') ? 1 : 0);
    }

    @Override
    public Set<String> methods() {
        return Set.of("m", "SCRAM-SHA-256");
    }

    @Override
    public Exchange begin(ConnectRequest request, String method, @Nullable Principal connected) {
        boolean refused = request.clientId().equals(reserved);
        return data -> {
            String said = data == null ? "c" : new String(data, StandardCharsets.ISO_8859_1);
            if (begins(said, 'c')) {
                return CompletableFuture.completedFuture(new Step.Continue(QUESTION));
            }
            if (refused || !begins(said, 'y') && !begins(said, 'w')) {
                return CompletableFuture.completedFuture(
                        new Step.Done(
                                new AuthResult.Refused(Cause.WRONG_PASSWORD, null, null), null));
            }
            Step done = new Step.Done(new AuthResult.Granted(principal(request)), QUESTION);
            return begins(said, 'w') ? later(done) : CompletableFuture.completedFuture(done);
        };
    }

    @Override
    public Optional<Permissions> permissions(Principal principal, String clientId) {
        return Optional.of(this);
    }

    @Override
    public boolean mayPublish(TopicName topic) {
        return !begins(topic.value(), 'n');
    }

    @Override
    public boolean mayReceive(TopicName topic) {
        return !begins(topic.value(), 's');
    }

    @Override
    public SubscribeDecision subscribe(TopicFilter filter) {
        String inner = filter.filter();
        if (begins(inner, 'n')) {
            return SubscribeDecision.DENIED;
        }
        return begins(inner, '#') || begins(inner, '+') || begins(inner, 's')
                ? SubscribeDecision.FILTERED
                : SubscribeDecision.GRANTED;
    }

    @Override
    public String reason(boolean publish, String topicOrFilter) {
        return "the first letter";
    }
}
