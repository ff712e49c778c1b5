package io.busbar.web.api.view;

import com.google.gson.JsonObject;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialLimits;
import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Who;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rejections in the form of the API. Thread-safe. */
public final class RejectionShapes {
    private static final Pattern ADDRESS =
            Pattern.compile("(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.%]+\\]):\\d{1,5}");

    private final Backend services;

    public RejectionShapes(Backend services) {
        this.services = services;
    }

    /**
     * Whether the credential may be told with one click to accept the Client Identifier that came,
     * which it does not do yet.
     */
    public boolean hasRemedy(Rejection rejection) {
        return hasRemedy(rejection, credential(rejection));
    }

    private static boolean hasRemedy(Rejection rejection, @Nullable Credential credential) {
        String came = rejection.who().clientId();
        return rejection.cause() == Rejection.Cause.CLIENT_ID_NOT_ALLOWED
                && rejection.what().expected() != null
                && !came.isEmpty()
                && credential != null
                && !credential.accepts(came);
    }

    /** What helps as things are now, which may be others than at the refusal. */
    private List<String> remedies(Rejection rejection, @Nullable Credential credential) {
        return switch (rejection.cause()) {
            case CLIENT_ID_NOT_ALLOWED ->
                    hasRemedy(rejection, credential)
                            ? ofClientId(rejection.who().clientId())
                            : List.of();
            case DISABLED -> only("ENABLE", credential != null && !credential.enabled());
            case WRONG_PASSWORD -> only("RESET_PASSWORD", credential != null);
            case EXPIRED, TOO_MANY_CONNECTIONS, PUBLISH_DENIED, SUBSCRIBE_DENIED, WILL_DENIED ->
                    only("EDIT_ACCESS", credential != null);
            case CLIENT_ID_IN_USE -> only("END_SESSION", hasSession(rejection.who().clientId()));
            case UNKNOWN_USER, NO_CREDENTIALS, CLIENT_ID_CONFLICT -> List.of("NEW_CREDENTIALS");
            default -> List.of();
        };
    }

    /** One that no credential can name, because it is too long, can only be one of any. */
    private static List<String> ofClientId(String came) {
        return CredentialLimits.problemOfName(came) == null
                ? List.of("ALLOW_CLIENT_ID", "ALLOW_ANY_CLIENT_ID")
                : List.of("ALLOW_ANY_CLIENT_ID");
    }

    private static List<String> only(String remedy, boolean helps) {
        return helps ? List.of(remedy) : List.of();
    }

    private boolean hasSession(String clientId) {
        return services.findClients().flatMap(clients -> clients.session(clientId)).isPresent();
    }

    /** The kind in the words of the API, which knows three. */
    public static String kind(Rejection rejection) {
        return switch (rejection.kind()) {
            case CONNECT, TAKE_OVER, PROTOCOL -> "CONNECT";
            case PUBLISH -> "PUBLISH";
            case SUBSCRIBE -> "SUBSCRIBE";
        };
    }

    /** What people call the credential, if it is known which. */
    public Optional<String> credentialDescription(Rejection rejection) {
        return Optional.ofNullable(credential(rejection)).map(Credential::description);
    }

    /** The API's Rejection. */
    public JsonObject toJson(Rejection rejection) {
        Credential credential = credential(rejection);
        Rejection.Cause cause = rejection.cause();
        Who who = rejection.who();
        boolean access =
                cause == Rejection.Cause.PUBLISH_DENIED
                        || cause == Rejection.Cause.SUBSCRIBE_DENIED
                        || cause == Rejection.Cause.WILL_DENIED;
        return new JsonShape()
                .put("id", Long.toString(rejection.id()))
                .put("kind", kind(rejection))
                .put("cause", cause.name())
                .put("reasonCode", rejection.reason().code())
                .put("reason", sentence(rejection, credential))
                .put("firstAt", rejection.times().first())
                .put("at", rejection.times().last())
                .put("count", rejection.times().count())
                .put(
                        "credential",
                        credential == null
                                ? null
                                : ClientRow.credentialRef(
                                        credential.id(), credential.description()))
                .put("username", who.username() == null ? "" : who.username())
                .put("clientId", who.clientId())
                .put(
                        "expectedClientId",
                        cause == Rejection.Cause.CLIENT_ID_NOT_ALLOWED
                                ? rejection.what().expected()
                                : null)
                .put(
                        "otherAddress",
                        cause == Rejection.Cause.CLIENT_ID_CONFLICT
                                ? otherAddress(rejection)
                                : null)
                .put("address", who.address())
                .put("protocol", (String) null)
                .put("transport", transport(rejection))
                .put("topic", rejection.what().topic())
                .put(
                        "rule",
                        access && !rejection.what().detail().isEmpty()
                                ? rejection.what().detail()
                                : null)
                .put("remedies", JsonShape.texts(remedies(rejection, credential)))
                .build();
    }

    private String sentence(Rejection rejection, @Nullable Credential credential) {
        String whose =
                credential == null ? "The credential" : "\"" + credential.description() + "\"";
        return switch (rejection.cause()) {
            case UNKNOWN_USER -> "No credential has this user name.";
            case WRONG_PASSWORD -> "The password is wrong.";
            case NO_CREDENTIALS -> "The client sent no user name and password.";
            case CLIENT_ID_NOT_ALLOWED ->
                    rejection.what().expected() == null
                            ? reserved(rejection)
                            : "User name and password are right, but "
                                    + whose
                                    + " may only connect with Client ID "
                                    + "'"
                                    + rejection.what().expected()
                                    + "'.";
            case DISABLED -> whose + " was disabled.";
            case EXPIRED -> whose + " had expired.";
            case ADDRESS_NOT_ALLOWED -> whose + " may not connect from this address.";
            case TOO_MANY_CONNECTIONS -> whose + " has as many connections as it may have.";
            case THROTTLED ->
                    "Too many failures from this address for this user name: it has to wait.";
            case AUTHENTICATION_BUSY ->
                    "Too many clients wait for their passwords to be verified. It may try again.";
            case UNAVAILABLE ->
                    rejection.what().detail().isEmpty()
                            ? "No authentication provider answered."
                            : "No authentication provider answered: "
                                    + rejection.what().detail()
                                    + ".";
            case CLIENT_ID_CONFLICT ->
                    "Several clients use this Client ID and keep disconnecting each other. Give"
                            + " each its own credentials.";
            case PUBLISH_DENIED -> "The client has no right to publish to this topic.";
            case WILL_DENIED -> "The client has no right to publish to the topic of its will.";
            case SUBSCRIBE_DENIED -> "The client has no right to subscribe to this filter.";
            default ->
                    rejection.what().detail().isEmpty()
                            ? rejection.reason().text() + "."
                            : rejection.what().detail();
        };
    }

    /** The identity may use it by its own rule, but somebody names it more precisely. */
    private String reserved(Rejection rejection) {
        String id = rejection.who().clientId();
        Credential owner = SessionRows.reservedFor(services, id);
        return "User name and password are right, but Client ID '"
                + id
                + "' is reserved for "
                + (owner == null ? "other credentials" : "\"" + owner.description() + "\"")
                + ".";
    }

    private static @Nullable String otherAddress(Rejection rejection) {
        Matcher matcher = ADDRESS.matcher(rejection.what().detail());
        while (matcher.find()) {
            if (!matcher.group().equals(rejection.who().address())) {
                return matcher.group();
            }
        }
        return null;
    }

    private @Nullable String transport(Rejection rejection) {
        return services.findListeners().stream()
                .flatMap(listeners -> listeners.list().stream())
                .filter(listener -> listener.name().equals(rejection.who().listener()))
                .map(ListenerView::transport)
                .map(ClientRow::nameOf)
                .findFirst()
                .orElse(null);
    }

    private @Nullable Credential credential(Rejection rejection) {
        String id = rejection.who().principalId();
        return id == null ? null : services.findCredentials().flatMap(c -> c.get(id)).orElse(null);
    }
}
