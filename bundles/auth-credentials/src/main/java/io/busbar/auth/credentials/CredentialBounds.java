package io.busbar.auth.credentials;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialLimits;
import io.busbar.api.auth.ValueProblem;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Holds what people ask of a credential against {@link CredentialLimits}, whoever has looked at it
 * before. A message says the field, the value and what was expected. What a list holds twice is
 * kept once.
 */
final class CredentialBounds {
    private CredentialBounds() {}

    static String description(String value) {
        require("description", value, CredentialLimits::problemOfDescription);
        return value.strip();
    }

    /** A Client Identifier or user name. */
    static String name(String field, String value) {
        require(field, value, CredentialLimits::problemOfName);
        return value;
    }

    /** Further Client Identifiers beside the credential's own one. */
    static List<String> otherClientIds(List<String> values, String own) {
        Set<String> others = new LinkedHashSet<>();
        values.forEach(value -> others.add(name("otherClientIds", value)));
        others.remove(own);
        if (others.size() > Credential.MAX_OTHER_CLIENT_IDS) {
            throw new RefusedException(
                    "otherClientIds: "
                            + others.size()
                            + " Client IDs (expected: at most "
                            + Credential.MAX_OTHER_CLIENT_IDS
                            + "; for more, allow a prefix or any Client ID)",
                    tooMany("otherClientIds", others.size(), Credential.MAX_OTHER_CLIENT_IDS));
        }
        return List.copyOf(others);
    }

    /** Returns the password in the form that is hashed. */
    static byte[] password(String value) {
        require("password", value, CredentialLimits::problemOfPassword);
        return Bytes.utf8(value);
    }

    static int connections(int value) {
        if (value < 0 || value > CredentialLimits.MAX_CONNECTIONS) {
            throw new RefusedException(
                    "maxConnections: "
                            + value
                            + " (expected: 0 to "
                            + CredentialLimits.MAX_CONNECTIONS
                            + ")",
                    Reason.Code.OUT_OF_RANGE,
                    "at",
                    "maxConnections",
                    "found",
                    String.valueOf(value),
                    "min",
                    "0",
                    "max",
                    String.valueOf(CredentialLimits.MAX_CONNECTIONS));
        }
        return value;
    }

    static List<AclRule> acl(List<AclRule> rules) {
        requireFew("acl", "rules", rules, CredentialLimits.MAX_RULES);
        for (AclRule rule : rules) {
            ValueProblem problem = CredentialLimits.problemOfFilter(rule.filter());
            if (problem != null) {
                throw new RefusedException(
                        "acl: filter " + problem.text(), reason(problem).inside("acl"));
            }
        }
        return List.copyOf(new LinkedHashSet<>(rules));
    }

    static List<String> networks(List<String> networks) {
        requireFew("allowedNetworks", "entries", networks, CredentialLimits.MAX_NETWORKS);
        for (String network : networks) {
            require("allowedNetworks", network, CredentialLimits::problemOfNetwork);
        }
        return List.copyOf(new LinkedHashSet<>(networks));
    }

    private static void requireFew(String field, String what, List<?> values, int most) {
        if (values.size() > most) {
            throw new RefusedException(
                    field + ": " + values.size() + " " + what + " (expected: at most " + most + ")",
                    tooMany(field, values.size(), most));
        }
    }

    private static Reason reason(ValueProblem problem) {
        return new Reason(Reason.Code.valueOf(problem.code().name()), problem.parameters());
    }

    private static Reason tooMany(String field, int found, int most) {
        return Reason.of(
                Reason.Code.TOO_MANY,
                "at",
                field,
                "found",
                String.valueOf(found),
                "max",
                String.valueOf(most));
    }

    private static void require(
            String field, String value, Function<String, @Nullable ValueProblem> problemOf) {
        ValueProblem problem = problemOf.apply(value);
        if (problem != null) {
            throw new RefusedException(
                    field + ": " + problem.text(), reason(problem).inside(field));
        }
    }
}
