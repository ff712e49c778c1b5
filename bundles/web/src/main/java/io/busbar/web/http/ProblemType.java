package io.busbar.web.http;

/**
 * The kinds of problems, under the names that the API document lists. These names do not change.
 */
public enum ProblemType {
    MALFORMED_REQUEST(400, "The request is malformed"),
    REQUEST_TIMEOUT(408, "The body came too slowly"),
    MALFORMED_JSON(400, "The body is not JSON"),
    VALIDATION(422, "Something in the request does not fit"),
    UNKNOWN_KEY(422, "The body has a key that is not known"),
    NOT_AUTHENTICATED(401, "Nobody is signed in"),
    INVALID_CREDENTIALS(401, "User name or password is wrong"),
    SETUP_REQUIRED(401, "The first administrator has still to be made"),
    SETUP_DONE(409, "An administrator exists already"),
    SETUP_TOKEN_INVALID(403, "The setup link is not valid"),
    THROTTLED(429, "Too many attempts"),
    FORBIDDEN(403, "Your role does not allow this"),
    CSRF(403, "The request does not come from the console"),
    HOST_NOT_ALLOWED(421, "This server does not answer to that name"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "This method is not offered here"),
    NOT_ACCEPTABLE(406, "No such representation"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body has to be JSON"),
    PAYLOAD_TOO_LARGE(413, "The body is too large"),
    CONFLICT(409, "Something of that name exists already"),
    REVISION_MISMATCH(412, "Somebody else has changed it meanwhile"),
    PRECONDITION_REQUIRED(428, "If-Match is missing"),
    NOT_EMPTY(409, "It still has something below it"),
    IN_USE(409, "Something still uses it"),
    IDEMPOTENCY_CONFLICT(409, "The same key was used for another request"),
    NOT_APPLICABLE(409, "The remedy does not fit"),
    ALREADY_RUNNING(409, "It is being done already"),
    NEWER_RETAINED(409, "The topic has a newer Retained Message"),
    LIMIT_REACHED(507, "There is no room for more"),
    BUSY(503, "The server has too much to do"),
    MEMORY_SHORT(507, "The memory of the server is short"),
    UNAVAILABLE(503, "A part of the server is not running"),
    INTERNAL(500, "The server failed");

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The HTTP status of such an answer. */
    public int status() {
        return status;
    }

    /** A short summary, the same for all problems of this kind. */
    public String title() {
        return title;
    }

    /** The identifier in the problem document, e.g. {@code urn:busbar:problem:not-found}. */
    public String urn() {
        return "urn:busbar:problem:" + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
