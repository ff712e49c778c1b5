package io.busbar.startup;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.busbar.api.accounts.Accounts;
import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.mqtt.TopicFilter;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bootstrap file. Strict: a key that nobody knows, a value of the wrong type or out of
 * bounds is an error that names the place, so that a typing mistake never passes for an intention.
 */
final class BootstrapReader {

    private static final int MAX_DESCRIPTION = 255;

    private BootstrapReader() {}

    /**
     * Reads the text of a bootstrap file.
     *
     * @throws BootstrapException if anything in it is wrong; nothing of it may be applied then
     */
    static Bootstrap read(String text) throws BootstrapException {
        JsonObject root = object(parse(text), "the file");
        keys(root, "", "admin", "credentials", "namespace", "anonymous");

        Bootstrap.Admin admin = null;
        if (root.has("admin")) {
            admin = admin(object(root.get("admin"), "admin"));
        }
        List<NewCredential> credentials = new ArrayList<>();
        if (root.has("credentials")) {
            JsonArray list = array(root.get("credentials"), "credentials");
            for (int i = 0; i < list.size(); i++) {
                String at = "credentials[" + i + "]";
                credentials.add(credential(object(list.get(i), at), at));
            }
            unique(credentials);
        }
        String namespace = null;
        if (root.has("namespace")) {
            JsonObject document = new JsonObject();
            document.add("namespace", array(root.get("namespace"), "namespace"));
            namespace = document.toString();
        }
        boolean anonymous = root.has("anonymous") && bool(root.get("anonymous"), "anonymous");
        return new Bootstrap(admin, credentials, namespace, anonymous);
    }

    private static JsonElement parse(String text) throws BootstrapException {
        if (text.isBlank()) {
            throw new BootstrapException("not valid JSON: the file is empty");
        }
        try (JsonReader reader = new JsonReader(new StringReader(text))) {
            reader.setStrictness(Strictness.STRICT);
            JsonElement root = JsonParser.parseReader(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new BootstrapException("more text after the end of the JSON object");
            }
            return root;
        } catch (IOException | JsonParseException | IllegalStateException wrong) {
            throw new BootstrapException("not valid JSON: " + firstLine(wrong.getMessage()));
        }
    }

    private static Bootstrap.Admin admin(JsonObject json) throws BootstrapException {
        keys(json, "admin", "username", "password");
        String username = requiredText(json, "admin", "username");
        String password = requiredText(json, "admin", "password");
        if (password.length() < Accounts.MIN_PASSWORD_LENGTH) {
            throw new BootstrapException(
                    "admin.password: "
                            + password.length()
                            + " characters (expected: at least "
                            + Accounts.MIN_PASSWORD_LENGTH
                            + ")");
        }
        return new Bootstrap.Admin(username, password);
    }

    private static NewCredential credential(JsonObject json, String at) throws BootstrapException {
        keys(json, at, "description", "clientId", "username", "password", "clientIdPolicy", "acl");
        // Without these the credential could never be used: a generated password is shown once, and
        // here is nobody to show it to.
        String username = requiredText(json, at, "username");
        String password = requiredText(json, at, "password");
        ClientIdPolicy policy = null;
        if (json.has("clientIdPolicy")) {
            policy =
                    constant(
                            ClientIdPolicy.class,
                            json.get("clientIdPolicy"),
                            at + ".clientIdPolicy");
        }
        String clientId = null;
        if (policy != ClientIdPolicy.ANY || json.has("clientId")) {
            clientId = requiredText(json, at, "clientId");
        }
        String description = username;
        if (json.has("description")) {
            description = requiredText(json, at, "description");
        }
        if (description.length() > MAX_DESCRIPTION) {
            throw new BootstrapException(
                    at
                            + ".description: "
                            + description.length()
                            + " characters (expected: at most "
                            + MAX_DESCRIPTION
                            + ")");
        }
        List<AclRule> acl = null;
        if (json.has("acl")) {
            JsonArray list = array(json.get("acl"), at + ".acl");
            acl = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                String rule = at + ".acl[" + i + "]";
                acl.add(rule(object(list.get(i), rule), rule));
            }
        }
        return new NewCredential(
                description, clientId, username, password, policy, 0, acl, null, List.of());
    }

    private static AclRule rule(JsonObject json, String at) throws BootstrapException {
        keys(json, at, "effect", "action", "filter");
        AclRule.Effect effect =
                constant(AclRule.Effect.class, required(json, at, "effect"), at + ".effect");
        AclRule.Action action =
                constant(AclRule.Action.class, required(json, at, "action"), at + ".action");
        String filter = requiredText(json, at, "filter");
        String problem = TopicFilter.problemOf(filter.replace("%c", "c").replace("%u", "u"));
        if (problem != null) {
            throw new BootstrapException(
                    at + ".filter: \"" + filter + "\" is no topic filter: it " + problem);
        }
        return new AclRule(effect, action, filter);
    }

    private static void unique(List<NewCredential> credentials) throws BootstrapException {
        Set<String> clientIds = new HashSet<>();
        Set<String> usernames = new HashSet<>();
        for (int i = 0; i < credentials.size(); i++) {
            NewCredential credential = credentials.get(i);
            String clientId = credential.clientId();
            if (clientId != null && !clientIds.add(clientId)) {
                throw new BootstrapException(
                        "credentials[" + i + "].clientId: \"" + clientId + "\" is there twice");
            }
            if (!usernames.add(String.valueOf(credential.username()))) {
                throw new BootstrapException(
                        "credentials["
                                + i
                                + "].username: \""
                                + credential.username()
                                + "\" is there twice");
            }
        }
    }

    // ---- JSON with places ----

    private static void keys(JsonObject json, String at, String... known)
            throws BootstrapException {
        Set<String> allowed = Set.of(known);
        for (String key : json.keySet()) {
            if (!allowed.contains(key)) {
                throw new BootstrapException(
                        "unknown key \""
                                + key
                                + "\" in "
                                + (at.isEmpty() ? "the file" : at)
                                + " (expected: "
                                + String.join(", ", known)
                                + ")");
            }
        }
    }

    private static JsonElement required(JsonObject json, String at, String key)
            throws BootstrapException {
        JsonElement value = json.get(key);
        if (value == null) {
            throw new BootstrapException(at + ": \"" + key + "\" is missing");
        }
        return value;
    }

    private static String requiredText(JsonObject json, String at, String key)
            throws BootstrapException {
        String value = text(required(json, at, key), at + "." + key);
        if (value.isBlank()) {
            throw new BootstrapException(at + "." + key + ": is empty");
        }
        return value;
    }

    private static JsonObject object(JsonElement value, String at) throws BootstrapException {
        if (!value.isJsonObject()) {
            throw wrongType(value, at, "an object");
        }
        return value.getAsJsonObject();
    }

    private static JsonArray array(JsonElement value, String at) throws BootstrapException {
        if (!value.isJsonArray()) {
            throw wrongType(value, at, "a list");
        }
        return value.getAsJsonArray();
    }

    private static String text(JsonElement value, String at) throws BootstrapException {
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
            throw wrongType(value, at, "text");
        }
        return value.getAsString();
    }

    private static boolean bool(JsonElement value, String at) throws BootstrapException {
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
            throw wrongType(value, at, "true or false");
        }
        return value.getAsBoolean();
    }

    private static <E extends Enum<E>> E constant(Class<E> type, JsonElement value, String at)
            throws BootstrapException {
        String text = text(value, at);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw new BootstrapException(
                at
                        + ": \""
                        + text
                        + "\" (expected: "
                        + Arrays.stream(type.getEnumConstants())
                                .map(Enum::name)
                                .collect(Collectors.joining(", "))
                        + ")");
    }

    /** Says what kind of value came, never the value: it may be a password at the wrong place. */
    private static BootstrapException wrongType(JsonElement value, String at, String expected) {
        String came;
        if (value.isJsonNull()) {
            came = "null";
        } else if (value.isJsonObject()) {
            came = "an object";
        } else if (value.isJsonArray()) {
            came = "a list";
        } else if (value.getAsJsonPrimitive().isBoolean()) {
            came = "true or false";
        } else if (value.getAsJsonPrimitive().isNumber()) {
            came = "a number";
        } else {
            came = "text";
        }
        return new BootstrapException(at + ": " + came + " (expected: " + expected + ")");
    }

    private static String firstLine(@Nullable String message) {
        if (message == null) {
            return "unreadable";
        }
        // Gson's advice is for programmers; its place is what helps.
        return message.lines()
                .findFirst()
                .orElse("unreadable")
                .replace("java.io.EOFException: ", "")
                .replace(
                        "Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON",
                        "malformed");
    }
}
