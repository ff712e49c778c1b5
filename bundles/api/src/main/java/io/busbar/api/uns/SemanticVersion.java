package io.busbar.api.uns;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The number of a version, as Semantic Versioning 2.0 orders them: what breaks readers or
 * publishers counts up the first part, what adds something the second, what only describes it the
 * third. There are no pre-releases: what is published is final.
 *
 * @param major 0 to {@link #MAX_PART}
 * @param minor 0 to {@link #MAX_PART}
 * @param patch 0 to {@link #MAX_PART}
 */
public record SemanticVersion(int major, int minor, int patch)
        implements Comparable<SemanticVersion> {
    /** The largest part. */
    public static final int MAX_PART = 999_999;

    /** What a first version is called, unless somebody says otherwise. */
    public static final SemanticVersion FIRST = new SemanticVersion(1, 0, 0);

    private static final String PART = "(0|[1-9][0-9]{0,5})";
    private static final Pattern TEXT = Pattern.compile(PART + "\\." + PART + "\\." + PART);
    private static final Comparator<SemanticVersion> ORDER =
            Comparator.comparingInt(SemanticVersion::major)
                    .thenComparingInt(SemanticVersion::minor)
                    .thenComparingInt(SemanticVersion::patch);

    public SemanticVersion {
        if (major < 0 || minor < 0 || patch < 0) {
            throw new IllegalArgumentException("version: a part is negative (expected: 0 or more)");
        }
    }

    /** Reads a version such as {@code 2.1.0}; null if the text is none. */
    public static @Nullable SemanticVersion parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? new SemanticVersion(
                        Integer.parseInt(parts.group(1)),
                        Integer.parseInt(parts.group(2)),
                        Integer.parseInt(parts.group(3)))
                : null;
    }

    /**
     * Reads a version such as {@code 2.1.0}.
     *
     * @throws RefusedException if the text is none
     */
    public static SemanticVersion of(String text) {
        SemanticVersion version = parse(text);
        if (version == null) {
            String found = text.length() > 40 ? text.substring(0, 40) + "…" : text;
            throw new RefusedException(
                    "version: '" + found + "' (expected: three numbers, e.g. 1.2.0)",
                    Reason.Code.VERSION,
                    "at",
                    "version",
                    "found",
                    found);
        }
        return version;
    }

    /** The next version for a change that breaks something. */
    public SemanticVersion nextMajor() {
        return new SemanticVersion(major + 1, 0, 0);
    }

    /** The next version for a change that adds something. */
    public SemanticVersion nextMinor() {
        return new SemanticVersion(major, minor + 1, 0);
    }

    /** The next version for a change that only describes. */
    public SemanticVersion nextPatch() {
        return new SemanticVersion(major, minor, patch + 1);
    }

    @Override
    public int compareTo(SemanticVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
