package io.busbar.startup;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.busbar.api.accounts.Accounts;
import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialLimits;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.auth.ValueProblem;
import io.busbar.json.FieldError;
import io.busbar.json.InvalidFieldsException;
import io.busbar.json.Json;
import io.busbar.json.JsonException;
import io.busbar.json.JsonFields;
import io.busbar.json.TextProblem;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bootstrap file. Strict: a key that nobody knows or that is there twice, a value of the
 * wrong type or out of bounds is an error that names the place, so that a typing mistake never
 * passes for an intention. All mistakes are told at once, except that a text that is no JSON has
 * only one.
 */
final class BootstrapReader {
    /** The namespace is as deep as its tree, two levels for each node. */
    private static final int MAX_DEPTH = 256;

    /** The operator's own file: whole namespaces stand in it. */
    private static final int MAX_VALUES = 5_000_000;

    /** A file of the operator's own: as many entries as he likes. */
    private static final int ANY_NUMBER = Integer.MAX_VALUE;

    private BootstrapReader() {}

    /**
     * Reads the text of a bootstrap file.
     *
     * @throws BootstrapException if anything in it is wrong; nothing of it may be applied then
     */
    static Bootstrap read(String text) throws BootstrapException {
        if (text.isBlank()) {
            throw new BootstrapException("not valid JSON: the file is empty");
        }
        try {
            JsonFields file = JsonFields.withoutNulls(Json.parse(text, MAX_DEPTH, MAX_VALUES));
            Bootstrap.Admin admin = file.optObject("admin", BootstrapReader::admin);
            List<NewCredential> credentials =
                    file.optList("credentials", ANY_NUMBER, BootstrapReader::credential);
            JsonArray namespace = file.optArray("namespace", ANY_NUMBER);
            Boolean anonymous = file.optBoolean("anonymous");
            file.finish();
            return new Bootstrap(
                    admin,
                    credentials == null ? List.of() : unique(credentials),
                    namespace == null ? null : document(namespace),
                    anonymous != null && anonymous);
        } catch (JsonException e) {
            throw new BootstrapException("not valid JSON: " + e.getMessage());
        } catch (InvalidFieldsException e) {
            throw new BootstrapException(
                    e.errors().stream()
                            .map(BootstrapReader::sentence)
                            .collect(Collectors.joining("; ")));
        }
    }

    private static Bootstrap.Admin admin(JsonFields json) {
        String username = words(json, "username");
        String password = json.text("password", Accounts.MIN_PASSWORD_LENGTH, Integer.MAX_VALUE);
        return new Bootstrap.Admin(username, password);
    }

    private static NewCredential credential(JsonFields json) {
        // Without these the credential could never be used: a generated password is shown once, and
        // here is nobody to show it to.
        String username = words(json, "username", CredentialLimits::problemOfName);
        String password = words(json, "password", CredentialLimits::problemOfPassword);
        ClientIdPolicy policy = json.optChoice("clientIdPolicy", ClientIdPolicy.class);
        String clientId = null;
        if (policy != ClientIdPolicy.ANY || json.has("clientId")) {
            clientId = words(json, "clientId", CredentialLimits::problemOfName);
        }
        String description =
                json.has("description")
                        ? words(json, "description", CredentialLimits::problemOfDescription)
                        : username;
        List<AclRule> acl = json.optList("acl", CredentialLimits.MAX_RULES, BootstrapReader::rule);
        List<String> others =
                json.optTexts(
                        "otherClientIds",
                        Credential.MAX_OTHER_CLIENT_IDS,
                        text -> problem(CredentialLimits.problemOfName(text)));
        return new NewCredential(
                        description, clientId, username, password, policy, 0, acl, null, List.of())
                .withOtherClientIds(others == null ? List.of() : others);
    }

    private static AclRule rule(JsonFields json) {
        AclRule.Effect effect = json.choice("effect", AclRule.Effect.class);
        AclRule.Action action = json.choice("action", AclRule.Action.class);
        String filter = words(json, "filter", CredentialLimits::problemOfFilter);
        // After a mistake nothing of it is used.
        return new AclRule(
                effect == null ? AclRule.Effect.DENY : effect,
                action == null ? AclRule.Action.BOTH : action,
                filter);
    }

    /** A text that has to be there, to say something, and to fit a rule. */
    private static String words(
            JsonFields json, String key, Function<String, @Nullable ValueProblem> problemOf) {
        String text = words(json, key);
        ValueProblem problem = text.isBlank() ? null : problemOf.apply(text);
        if (problem != null) {
            json.error(key, "pattern", problem.text());
        }
        return text;
    }

    private static @Nullable TextProblem problem(@Nullable ValueProblem problem) {
        return problem == null ? null : TextProblem.of(problem.text());
    }

    /** A text that has to be there and say something. */
    private static String words(JsonFields json, String key) {
        String text = json.optText(key, 0, Integer.MAX_VALUE);
        if (!json.has(key)) {
            json.error(key, FieldError.REQUIRED, "is missing");
        } else if (text != null && text.isBlank()) {
            json.error(key, "length", "is empty");
        }
        return text == null ? "" : text;
    }

    private static List<NewCredential> unique(List<NewCredential> credentials)
            throws BootstrapException {
        Set<@Nullable String> clientIds = new HashSet<>();
        Set<@Nullable String> usernames = new HashSet<>();
        for (int i = 0; i < credentials.size(); i++) {
            NewCredential credential = credentials.get(i);
            if (credential.clientId() != null && !clientIds.add(credential.clientId())) {
                throw twice(i, "clientId", credential.clientId());
            }
            for (String other : new LinkedHashSet<>(credential.otherClientIds())) {
                if (!other.equals(credential.clientId()) && !clientIds.add(other)) {
                    throw twice(i, "otherClientIds", other);
                }
            }
            if (!usernames.add(credential.username())) {
                throw twice(i, "username", credential.username());
            }
        }
        return credentials;
    }

    private static BootstrapException twice(int credential, String key, @Nullable String value) {
        return new BootstrapException(
                "credentials[" + credential + "]." + key + ": \"" + value + "\" is there twice");
    }

    private static String document(JsonArray namespace) {
        JsonObject document = new JsonObject();
        document.add("namespace", namespace);
        return document.toString();
    }

    /** The mistake after its place. */
    private static String sentence(FieldError error) {
        String place = error.place();
        String object = place.substring(0, Math.max(0, place.lastIndexOf('.')));
        if (error.code().equals(FieldError.UNKNOWN)) {
            return "unknown key \""
                    + error.field()
                    + "\" in "
                    + orTheFile(object)
                    + " "
                    + error.problem();
        } else if (error.problem().equals("is missing")) {
            return orTheFile(object) + ": \"" + error.field() + "\" is missing";
        }
        return orTheFile(place) + ": " + error.problem();
    }

    private static String orTheFile(String place) {
        return place.isEmpty() ? "the file" : place;
    }
}
