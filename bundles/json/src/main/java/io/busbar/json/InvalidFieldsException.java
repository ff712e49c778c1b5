package io.busbar.json;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown when values of a JSON object are wrong. Holds all mistakes, and no stack trace. */
public final class InvalidFieldsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<FieldError> errors;

    InvalidFieldsException(List<FieldError> errors) {
        super(
                errors.stream().map(FieldError::message).collect(Collectors.joining("; ")),
                null,
                false,
                false);
        this.errors = List.copyOf(errors);
    }

    /** Returns the mistakes in the order in which they were found; at least one. */
    public List<FieldError> errors() {
        return errors;
    }
}
