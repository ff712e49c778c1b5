package io.busbar.mqtt.broker.topic;

import io.busbar.api.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads topic filters from a service property: a text, or an array or collection of texts. */
public final class FilterProperty {
    private static final Logger LOG = LoggerFactory.getLogger(FilterProperty.class);

    private FilterProperty() {}

    /** The filters of the property's value; what is none is left out and logged. */
    public static List<TopicFilter> read(@Nullable Object value) {
        List<TopicFilter> filters = new ArrayList<>();
        if (value instanceof String one) {
            add(filters, one);
        } else if (value instanceof String[] many) {
            for (String each : many) {
                add(filters, each);
            }
        } else if (value instanceof Iterable<?> many) {
            for (Object each : many) {
                add(filters, String.valueOf(each));
            }
        }
        return filters;
    }

    private static void add(List<TopicFilter> filters, String text) {
        String problem = TopicFilter.problemOf(text);
        if (problem == null) {
            filters.add(TopicFilter.of(text));
        } else {
            LOG.warn("Topic filter of a service is left out: {} (filter={})", problem, text);
        }
    }
}
