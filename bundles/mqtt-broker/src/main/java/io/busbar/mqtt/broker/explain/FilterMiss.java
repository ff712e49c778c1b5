package io.busbar.mqtt.broker.explain;

import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a filter and a topic that it does not match differ for the first time.
 *
 * @param filter as the client wrote it
 * @param level the first level that differs, from 1
 * @param expected that level of the filter; null if the filter ends before
 * @param found that level of the topic; null if the topic ends before
 * @param dollar whether it would match if the topic did not begin with $
 */
record FilterMiss(
        String filter,
        int level,
        @Nullable String expected,
        @Nullable String found,
        boolean dollar) {

    /** Why a filter does not match a topic. */
    static FilterMiss of(TopicFilter filter, TopicName topic) {
        List<String> wanted = filter.levels();
        String[] levels = topic.value().split("/", -1);
        if (topic.isSystem() && wanted.get(0).matches("[+#]")) {
            // A leading wildcard does not match a topic that begins with '$' [MQTT5-4.7.2-1].
            boolean dollar = filter.matches("S" + topic.value().substring(1));
            return new FilterMiss(filter.value(), 1, wanted.get(0), levels[0], dollar);
        }
        int at = 0;
        while (at < wanted.size()
                && at < levels.length
                && (wanted.get(at).equals("+") || wanted.get(at).equals(levels[at]))) {
            at++;
        }
        return new FilterMiss(
                filter.value(),
                at + 1,
                at < wanted.size() ? wanted.get(at) : null,
                at < levels.length ? levels[at] : null,
                false);
    }

    /** For those who are told. */
    Map<String, String> parameters() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("filter", filter);
        if (!dollar) {
            all.put("level", Integer.toString(level));
            if (expected != null) {
                all.put("expected", expected);
            }
            if (found != null) {
                all.put("found", found);
            }
        }
        return all;
    }
}
