package io.busbar.json;

import java.util.List;
import java.util.stream.Collectors;

/** Values of a JSON object do not fit; knows all mistakes. Carries no stack trace. */
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

    /** The mistakes in the order they were found; at least one. */
    public List<FieldError> errors() {
        return errors;
    }
}
