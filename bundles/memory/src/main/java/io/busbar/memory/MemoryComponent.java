package io.busbar.memory;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.memory.MemoryReclaimer;
import io.busbar.api.memory.MemoryShortage;
import io.busbar.api.memory.MemoryUse;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the budget. A change of its configuration takes effect at once. */
@Component(service = MemoryBudget.class, immediate = true, configurationPid = "io.busbar.memory")
@Designate(ocd = MemoryComponent.Config.class)
public final class MemoryComponent implements MemoryBudget {
    /** The configuration of the budget. */
    @ObjectClassDefinition(
            name = "Memory budget",
            description = "How much memory clients and users may occupy together.")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "Bytes of the heap for messages, sessions, subscriptions, values and HTTP"
                                + " bodies together; 0 is 35 % of what the heap has beyond 80 MiB,"
                                + " 60 % from a heap of 384 MiB on, at least a fifth of the heap",
                min = "0")
        long heap_bytes() default 0;

        @AttributeDefinition(
                description =
                        "Bytes outside the heap for what comes from sockets and what they have not"
                                + " taken; 0 is 60 % of the process's direct memory",
                min = "0")
        long direct_bytes() default 0;
    }

    private static final Logger LOG = LoggerFactory.getLogger(MemoryComponent.class);
    private final ProcessMemory memory;

    /** Starts with what the configuration says. */
    @Activate
    public MemoryComponent(Config config) {
        memory = new ProcessMemory(heap(config), direct(config), Clock.systemUTC());
        LOG.info(
                "Memory budget: {} MiB of the heap, {} MiB of direct memory",
                heap(config) >> 20,
                direct(config) >> 20);
    }

    @Modified
    void modified(Config config) {
        memory.maxima(heap(config), direct(config));
        LOG.info(
                "Memory budget is now {} MiB of the heap, {} MiB of direct memory",
                heap(config) >> 20,
                direct(config) >> 20);
    }

    @Deactivate
    void stop() {
        memory.close();
    }

    private static long heap(Config config) {
        return config.heap_bytes() > 0
                ? config.heap_bytes()
                : Maxima.ofHeap(Runtime.getRuntime().maxMemory());
    }

    private static long direct(Config config) {
        return config.direct_bytes() > 0
                ? config.direct_bytes()
                : Maxima.ofDirect(
                        Maxima.directMemory(
                                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                                Runtime.getRuntime().maxMemory()));
    }

    @Override
    public MemoryAccount open(
            MemoryArea area, String kind, int percent, @Nullable MemoryReclaimer reclaimer) {
        return memory.open(area, kind, percent, reclaimer);
    }

    @Override
    public MemoryUse use(MemoryArea area) {
        return memory.use(area);
    }

    @Override
    public List<MemoryShortage> shortages() {
        return memory.shortages();
    }
}
