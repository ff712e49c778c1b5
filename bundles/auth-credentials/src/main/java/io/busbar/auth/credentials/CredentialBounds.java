package io.busbar.auth.credentials;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.Credential;
import io.busbar.api.mqtt.TopicFilter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The bounds of what people may ask of a credential; a message says the field, the value and what
 * was expected.
 */
final class CredentialBounds {
    private static final int MAX_DESCRIPTION = 255;
    static final int MAX_NAME = 120;
    private static final int MIN_PASSWORD = 8;
    private static final int MAX_PASSWORD = 256;
    private static final int MAX_CONNECTIONS = 100_000;
    private static final int MAX_RULES = 256;
    private static final int MAX_NETWORKS = 64;

    private CredentialBounds() {}

    static String description(String value) {
        String text = value.strip();
        int length = text.codePointCount(0, text.length());
        if (length < 1 || length > MAX_DESCRIPTION || hasControl(text)) {
            throw new IllegalArgumentException(
                    "description: "
                            + (hasControl(text) ? "control character" : length + " characters")
                            + " (expected: 1 to "
                            + MAX_DESCRIPTION
                            + " characters, no control characters)");
        }
        return text;
    }

    /** A Client Identifier or user name. */
    static String name(String field, String value) {
        if (value.isEmpty()
                || value.length() > MAX_NAME
                || hasControl(value)
                || !value.equals(value.strip())
                || TopicFilter.problemOf("x" + value.replaceAll("[+#/]", "_")) != null) {
            throw new IllegalArgumentException(
                    field
                            + ": \""
                            + value
                            + "\" (expected: 1 to "
                            + MAX_NAME
                            + " characters, no control characters, no space at either end)");
        }
        return value;
    }

    /** Further Client Identifiers beside the credential's own one, each once. */
    static List<String> otherClientIds(List<String> values, String own) {
        Set<String> others = new LinkedHashSet<>();
        values.forEach(value -> others.add(name("otherClientIds", value)));
        others.remove(own);
        if (others.size() > Credential.MAX_OTHER_CLIENT_IDS) {
            throw new IllegalArgumentException(
                    "otherClientIds: "
                            + others.size()
                            + " Client IDs (expected: at most "
                            + Credential.MAX_OTHER_CLIENT_IDS
                            + "; for more, allow a prefix or any Client ID)");
        }
        return List.copyOf(others);
    }

    /** Returns the password in the form that is hashed. */
    static byte[] password(String value) {
        int length = value.codePointCount(0, value.length());
        if (length < MIN_PASSWORD || length > MAX_PASSWORD) {
            throw new IllegalArgumentException(
                    "password: "
                            + length
                            + " characters (expected: "
                            + MIN_PASSWORD
                            + " to "
                            + MAX_PASSWORD
                            + ")");
        }
        return Bytes.utf8(value);
    }

    static int connections(int value) {
        if (value < 0 || value > MAX_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "maxConnections: " + value + " (expected: 0 to " + MAX_CONNECTIONS + ")");
        }
        return value;
    }

    static List<AclRule> acl(List<AclRule> rules) {
        if (rules.size() > MAX_RULES) {
            throw new IllegalArgumentException(
                    "acl: " + rules.size() + " rules (expected: at most " + MAX_RULES + ")");
        }
        for (AclRule rule : rules) {
            String problem = TopicFilter.problemOf(rule.filter());
            if (problem == null && rule.filter().startsWith("$share/")) {
                problem = "is a Shared Subscription; write the filter after the share name";
            }
            if (problem != null) {
                throw new IllegalArgumentException(
                        "acl: filter \""
                                + rule.filter()
                                + "\" "
                                + problem
                                + " (expected: a topic filter)");
            }
        }
        return List.copyOf(rules);
    }

    static List<String> networks(List<String> networks) {
        if (networks.size() > MAX_NETWORKS) {
            throw new IllegalArgumentException(
                    "allowedNetworks: "
                            + networks.size()
                            + " entries (expected: at most "
                            + MAX_NETWORKS
                            + ")");
        }
        networks.forEach(Network::of);
        return List.copyOf(networks);
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
