package io.busbar.web.http;

import io.busbar.api.auth.HashingUnavailableException;
import io.busbar.api.memory.MemoryShortException;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.StorageException;
import io.busbar.api.uns.NamespaceFullException;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.Reasoned;
import io.busbar.json.FieldError;
import io.busbar.json.InvalidFieldsException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Converts exceptions of services to the problems that the sender of a request is told. */
public final class Failures {
    private static final Pattern FIELD = Pattern.compile("^([A-Za-z][A-Za-z0-9_.\\[\\]]*)\\s*:");

    private Failures() {}

    /**
     * Returns the problem for an exception that the services are documented to throw, or null for
     * any other exception.
     */
    public static @Nullable Problem problemOf(RuntimeException e) {
        if (e instanceof Problem problem) {
            return problem;
        } else if (e instanceof InvalidFieldsException mistakes) {
            return Problem.validation(mistakes);
        } else if (e instanceof IllegalArgumentException) {
            return Problem.validation(fieldError(text(e)).with(parameters(e)));
        } else if (e instanceof ConflictException) {
            return conflict(text(e), parameters(e));
        } else if (e instanceof NamespaceFullException) {
            return Problem.of(
                            ProblemType.LIMIT_REACHED, sentence(text(e)) + " Nothing was changed.")
                    .withParameters(parameters(e));
        } else if (e instanceof NoSuchElementException) {
            return Problem.notFound(sentence(text(e)) + " It may have been deleted meanwhile.")
                    .withParameter("kind", "other");
        } else if (e instanceof StorageException) {
            return Problem.of(
                            ProblemType.UNAVAILABLE,
                            "The change could not be stored: "
                                    + sentence(text(e))
                                    + " Nothing was changed.")
                    .withParameter("kind", "storage");
        } else if (e instanceof MemoryShortException) {
            return Problem.of(
                    ProblemType.MEMORY_SHORT, sentence(text(e)) + " Nothing was changed.");
        } else if (e instanceof HashingUnavailableException) {
            return Problem.of(ProblemType.UNAVAILABLE, text(e) + " Nothing was changed.");
        }
        return null;
    }

    /** Returns the problem for something that exists already. */
    public static Problem conflict(String message) {
        return conflict(message, Map.of());
    }

    private static Problem conflict(String message, Map<String, String> parameters) {
        String field = fieldOf(message);
        return Problem.of(ProblemType.CONFLICT, sentence(message) + " Nothing was changed.")
                .withErrors(
                        List.of(
                                new FieldError("/" + field, field, "exists", message)
                                        .with(parameters)));
    }

    /** The reason of an exception that has one, for programs. */
    private static Map<String, String> parameters(RuntimeException e) {
        return e instanceof Reasoned refused ? parameters(refused.reason()) : Map.of();
    }

    /** A reason as parameters of a problem or mistake: its code is {@code reason}. */
    public static Map<String, String> parameters(@Nullable Reason reason) {
        return reason == null ? Map.of() : reason.with("reason", reason.code().name()).parameters();
    }

    /** Returns the problem for a change that is not based on the current revision. */
    public static Problem revisionMismatch(long expected, long current) {
        return Problem.of(
                        ProblemType.REVISION_MISMATCH,
                        "Revision "
                                + expected
                                + " is not the current one ("
                                + current
                                + "): load it again, then repeat the change.")
                .with("currentRevision", current);
    }

    /** Converts a message of the form {@code field: value (expected: …)}, as services write it. */
    public static FieldError fieldError(String message) {
        Matcher matcher = FIELD.matcher(message);
        String field = matcher.find() ? matcher.group(1) : "";
        String code = message.contains("characters") ? "length" : "invalid";
        String pointer =
                field.isEmpty()
                        ? ""
                        : "/" + field.replace('.', '/').replaceAll("\\[(\\d+)\\]", "/$1");
        return new FieldError(pointer, field.substring(field.lastIndexOf('.') + 1), code, message);
    }

    private static String fieldOf(String message) {
        Matcher matcher = FIELD.matcher(message);
        if (matcher.find()) {
            return matcher.group(1);
        }
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("alias")) {
            return "alias";
        } else if (lower.contains("client")) {
            return "clientId";
        } else if (lower.contains("user")) {
            return "username";
        }
        return "path";
    }

    private static String text(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }
}
