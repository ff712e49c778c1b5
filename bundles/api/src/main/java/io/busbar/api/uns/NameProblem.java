package io.busbar.api.uns;

/**
 * Why a text cannot be a name or a path.
 *
 * @param text in a few words that follow the name, e.g. "is empty"
 * @param reason the same for programs
 */
public record NameProblem(String text, Reason reason) {
    /** Longest part of a name that is repeated, in characters. */
    private static final int LONGEST = 100;

    static NameProblem of(String text, Reason.Code code, String name, String... parameters) {
        Reason reason = Reason.of(code, parameters).with("found", clip(name));
        return new NameProblem(text, reason);
    }

    private static String clip(String name) {
        return name.codePointCount(0, name.length()) <= LONGEST
                ? name
                : name.substring(0, name.offsetByCodePoints(0, LONGEST)) + "…";
    }
}
