package io.busbar.metrics;

import io.busbar.api.broker.Broker;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
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
                description = "Publish the $SYS/broker topics every so many seconds; 0 = never")
        int interval_seconds() default 10;
    }

    private final SysTopics topics;
    private final ScheduledExecutorService thread;

    @Activate
    public SysPublisher(@Reference Broker broker, Config config) {
        this(
                new SysTopics(
                        broker,
                        Clock.systemUTC(),
                        () ->
                                Runtime.getRuntime().totalMemory()
                                        - Runtime.getRuntime().freeMemory()),
                config.interval_seconds());
    }

    SysPublisher(SysTopics topics, int intervalSeconds) {
        if (intervalSeconds < 0) {
            throw new IllegalArgumentException(
                    "interval.seconds: " + intervalSeconds + " (expected: 0 or more)");
        }
        this.topics = topics;
        this.thread =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread own = new Thread(task, "busbar-metrics");
                            own.setDaemon(true);
                            return own;
                        });
        if (intervalSeconds > 0) {
            thread.scheduleAtFixedRate(this::publish, 0, intervalSeconds, TimeUnit.SECONDS);
        }
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
