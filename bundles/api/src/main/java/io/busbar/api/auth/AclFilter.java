package io.busbar.api.auth;

import io.busbar.api.mqtt.TopicFilter;
import org.jspecify.annotations.Nullable;

/**
 * What may stand in the filter of an {@link AclRule}: a topic filter in which {@code %c} stands for
 * the Client Identifier and {@code %u} for the user name, alone in a level or as a part of one.
 *
 * <p>{@code %#} stands for a percent sign, so {@code %#c} means the two characters {@code %c}. A
 * topic filter has no {@code #} beside other characters of a level, so no rule that was written
 * before this means something else because of it. Any other percent sign is just that.
 */
public final class AclFilter {
    /** A percent sign, whatever follows it. */
    public static final String PERCENT = "%#";

    private static final String CLIENT_ID = "%c";
    private static final String USERNAME = "%u";

    private AclFilter() {}

    /** Returns in a few words why the text is no filter of a rule, or null if it is one. */
    public static @Nullable String problemOf(String filter) {
        return TopicFilter.problemOf(withNames(filter));
    }

    /** The filter of a rule about exactly this topic or filter, even if it has {@code %c} in it. */
    public static String literal(String topicFilter) {
        return topicFilter
                .replace(CLIENT_ID, PERCENT + CLIENT_ID.charAt(1))
                .replace(USERNAME, PERCENT + USERNAME.charAt(1));
    }

    /**
     * The topic filter that covers what a rule is about, whoever the client is: a level with a name
     * in it becomes {@code +}.
     */
    public static String ofAnybody(String filter) {
        String[] levels = filter.split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            levels[i] =
                    levels[i].contains(CLIENT_ID) || levels[i].contains(USERNAME)
                            ? "+"
                            : levels[i].replace(PERCENT, "%");
        }
        return String.join("/", levels);
    }

    /** As it is for somebody with short names. */
    private static String withNames(String filter) {
        return filter.replace(CLIENT_ID, "c").replace(USERNAME, "u").replace(PERCENT, "%");
    }
}
