package io.busbar.metrics;

import io.busbar.api.broker.Broker;
import io.busbar.api.broker.BrokerInfo;
import io.busbar.api.broker.BrokerStats;
import io.busbar.api.broker.DropCause;
import io.busbar.api.broker.PublishResult;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.memory.MemoryUse;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Publishes the broker's figures as retained messages below {@code $SYS/broker}, under Mosquitto's
 * names, because that is where tools look. Only what has changed is published. {@link #publish} is
 * called from one thread.
 */
final class SysTopics {
    static final String ROOT = "$SYS/broker/";

    private static final Map<String, ToLongFunction<BrokerStats>> COUNTERS = counters();
    private static final Map<String, ToLongFunction<BrokerStats>> LOADS = loads();

    private final Broker broker;
    private final MemoryBudget memory;
    private final Clock clock;
    private final LongSupplier heapBytes;
    private final Map<String, TopicName> names = new LinkedHashMap<>();
    private final Map<String, LoadAverage> loads = new LinkedHashMap<>();
    private final Map<String, String> published = new ConcurrentHashMap<>();
    private long heapMaximum;
    private long lastMillis;

    /**
     * Starts with nothing published.
     *
     * @param memory what of it clients and users may hold, and do
     * @param heapBytes bytes of heap in use at this moment
     */
    SysTopics(Broker broker, MemoryBudget memory, Clock clock, LongSupplier heapBytes) {
        this.broker = broker;
        this.memory = memory;
        this.clock = clock;
        this.heapBytes = heapBytes;
        LOADS.keySet().forEach(name -> loads.put(name, new LoadAverage()));
    }

    private static Map<String, ToLongFunction<BrokerStats>> counters() {
        Map<String, ToLongFunction<BrokerStats>> counters = new LinkedHashMap<>();
        counters.put(
                "clients/total",
                stats -> stats.connections().online() + stats.sessions().offline());
        counters.put("clients/connected", stats -> stats.connections().online());
        counters.put("clients/active", stats -> stats.connections().online());
        counters.put("clients/disconnected", stats -> stats.sessions().offline());
        counters.put("clients/inactive", stats -> stats.sessions().offline());
        counters.put("clients/maximum", stats -> stats.connections().maximum());
        counters.put("clients/expired", stats -> stats.sessions().expired());
        counters.put("subscriptions/count", stats -> stats.subscriptions().total());
        counters.put("shared_subscriptions/count", stats -> stats.subscriptions().shared());
        counters.put("retained messages/count", stats -> stats.messages().retained());
        counters.put("messages/received", stats -> stats.traffic().packets().received());
        counters.put("messages/sent", stats -> stats.traffic().packets().sent());
        counters.put(
                "messages/stored",
                stats -> stats.messages().retained() + stats.messages().queued());
        counters.put("messages/inflight", stats -> stats.messages().inflight());
        counters.put(
                "store/messages/count",
                stats -> stats.messages().retained() + stats.messages().queued());
        counters.put("store/bytes", stats -> stats.store().diskBytes());
        counters.put("publish/messages/received", stats -> stats.traffic().publishes().received());
        counters.put("publish/messages/sent", stats -> stats.traffic().publishes().sent());
        counters.put("publish/messages/dropped", stats -> stats.losses().dropped());
        for (DropCause cause : DropCause.values()) {
            counters.put(
                    "publish/messages/dropped/"
                            + cause.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    stats -> stats.losses().drops().getOrDefault(cause, 0L));
        }
        counters.put("publish/messages/denied", stats -> stats.losses().denied());
        counters.put("publish/messages/refused", stats -> stats.interception().refused());
        counters.put("publish/messages/diverted", stats -> stats.interception().diverted());
        counters.put("publish/interceptors/failures", stats -> stats.interception().failures());
        counters.put("publish/throttled", stats -> stats.connections().throttled());
        counters.put("publish/bytes/received", stats -> stats.traffic().payloadBytes().received());
        counters.put("publish/bytes/sent", stats -> stats.traffic().payloadBytes().sent());
        counters.put("bytes/received", stats -> stats.traffic().bytes().received());
        counters.put("bytes/sent", stats -> stats.traffic().bytes().sent());
        return counters;
    }

    private static Map<String, ToLongFunction<BrokerStats>> loads() {
        Map<String, ToLongFunction<BrokerStats>> loads = new LinkedHashMap<>();
        loads.put("messages/received", stats -> stats.traffic().packets().received());
        loads.put("messages/sent", stats -> stats.traffic().packets().sent());
        loads.put("publish/received", stats -> stats.traffic().publishes().received());
        loads.put("publish/sent", stats -> stats.traffic().publishes().sent());
        loads.put("publish/dropped", stats -> stats.losses().dropped());
        loads.put("bytes/received", stats -> stats.traffic().bytes().received());
        loads.put("bytes/sent", stats -> stats.traffic().bytes().sent());
        loads.put(
                "sockets", stats -> stats.connections().accepted() + stats.connections().refused());
        loads.put("connections", stats -> stats.connections().accepted());
        return loads;
    }

    /** Reads the broker's figures and publishes those that have changed since the last time. */
    void publish() {
        BrokerInfo info = broker.info();
        BrokerStats stats = broker.stats();
        long now = clock.millis();
        long since = lastMillis == 0 ? info.startedAt().toEpochMilli() : lastMillis;
        double seconds = Math.max(0, now - since) / 1000.0;
        lastMillis = now;

        set("version", "Busbar " + info.version(), now);
        set("timestamp", info.startedAt().toString(), now);
        set(
                "uptime",
                Math.max(0, Duration.between(info.startedAt(), clock.instant()).toSeconds())
                        + " seconds",
                now);
        COUNTERS.forEach(
                (name, counter) -> set(name, Long.toString(counter.applyAsLong(stats)), now));
        loads.forEach(
                (name, load) -> {
                    load.update(LOADS.get(name).applyAsLong(stats), seconds);
                    for (int i = 0; i < LoadAverage.NAMES.length; i++) {
                        set("load/" + name + "/" + LoadAverage.NAMES[i], load.text(i), now);
                    }
                });
        long heap = heapBytes.getAsLong();
        heapMaximum = Math.max(heapMaximum, heap);
        set("heap/current", Long.toString(heap), now);
        set("heap/maximum", Long.toString(heapMaximum), now);
        for (MemoryArea area : MemoryArea.values()) {
            MemoryUse use = memory.use(area);
            String name = "memory/" + area.name().toLowerCase(Locale.ROOT) + "/";
            set(name + "maximum", Long.toString(use.maximumBytes()), now);
            set(name + "used", Long.toString(use.usedBytes()), now);
            set(name + "refusals", Long.toString(use.refusals()), now);
            set(name + "reclaims", Long.toString(use.reclaims()), now);
        }
    }

    private void set(String name, String value, long now) {
        if (value.equals(published.put(name, value))) {
            return;
        }
        Message message =
                new Message(
                        names.computeIfAbsent(name, each -> TopicName.of(ROOT + each)),
                        value.getBytes(StandardCharsets.UTF_8),
                        Qos.AT_MOST_ONCE,
                        true,
                        MessageProperties.NONE,
                        Publisher.SERVER,
                        now);
        broker.publish(message)
                .whenComplete(
                        (PublishResult result, Throwable failed) -> {
                            if (failed != null || result.code().isError()) {
                                published.remove(name, value);
                            }
                        });
    }
}
