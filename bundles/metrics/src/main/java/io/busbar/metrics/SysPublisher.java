package io.busbar.metrics;

import io.busbar.api.broker.Broker;
import io.busbar.api.memory.MemoryBudget;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes {@link SysTopics} at the start and then at a configured interval, on a thread of its
 * own.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = "io.busbar.metrics")
@Designate(ocd = SysPublisher.Config.class)
public final class SysPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(SysPublisher.class);

    /** How often the figures are published. */
    @ObjectClassDefinition(name = "Statistics topics")
    public @interface Config {
        @AttributeDefinition(
                description = "Publish the $SYS/broker topics every so many seconds; 0 = never",
                min = "0",
                max = "86400")
        int interval_seconds() default 10;
    }

    private final SysTopics topics;
    private final ScheduledExecutorService thread;
    private @Nullable ScheduledFuture<?> publishing;
    private int interval;

    @Activate
    public SysPublisher(@Reference Broker broker, @Reference MemoryBudget memory, Config config) {
        this(
                new SysTopics(
                        broker,
                        memory,
                        Clock.systemUTC(),
                        () ->
                                Runtime.getRuntime().totalMemory()
                                        - Runtime.getRuntime().freeMemory()),
                config.interval_seconds());
    }

    SysPublisher(SysTopics topics, int intervalSeconds) {
        this.topics = topics;
        this.thread =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread own = new Thread(task, "busbar-metrics");
                            own.setDaemon(true);
                            return own;
                        });
        every(intervalSeconds);
    }

    /** Takes another interval up; the figures go on. */
    @Modified
    synchronized void modified(Config config) {
        if (config.interval_seconds() != interval) {
            every(config.interval_seconds());
        }
    }

    private synchronized void every(int seconds) {
        ScheduledFuture<?> before = publishing;
        if (before != null) {
            before.cancel(false);
        }
        interval = seconds;
        publishing =
                seconds == 0
                        ? null
                        : thread.scheduleAtFixedRate(this::publish, 0, seconds, TimeUnit.SECONDS);
    }

    private void publish() {
        try {
            topics.publish();
        } catch (RuntimeException e) {
            LOG.warn("Statistics topics not published, tried again at the next interval", e);
        }
    }

    @Deactivate
    void deactivate() {
        thread.shutdownNow();
    }
}
