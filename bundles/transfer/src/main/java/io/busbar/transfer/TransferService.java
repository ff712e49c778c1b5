package io.busbar.transfer;

import io.busbar.api.audit.Actor;
import io.busbar.api.broker.Broker;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.transfer.BrokerState;
import io.busbar.api.transfer.CredentialState;
import io.busbar.api.transfer.ImportReport;
import io.busbar.api.transfer.ImportRule;
import io.busbar.api.transfer.StateExport;
import io.busbar.api.transfer.StatePart;
import io.busbar.api.transfer.StateTransfer;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Exports and imports, on the threads of those who want them. Thread-safe. */
@Component(configurationPid = "io.busbar.transfer")
@Designate(ocd = TransferService.Config.class)
public final class TransferService implements StateTransfer {
    private static final Logger LOG = LoggerFactory.getLogger(TransferService.class);
    private static final int MEMORY_PERCENT = 80;

    /** The configuration. */
    @ObjectClassDefinition(
            name = "State as lines",
            description = "Export and import of credentials, retained messages and sessions")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "Longest line of an import, in bytes; a message takes a third more than"
                                + " its payload",
                min = "1024",
                max = "1073741824")
        int line_maximum_bytes() default 16_777_216;
    }

    private final BrokerState state;
    private final CredentialState credentials;
    private final Broker broker;
    private final String version;
    private final int longestLine;
    private final MemoryAccount memory;
    private final Clock clock;
    private final AtomicBoolean importing = new AtomicBoolean();

    @Activate
    public TransferService(
            Config config,
            BundleContext context,
            @Reference BrokerState state,
            @Reference CredentialState credentials,
            @Reference Broker broker,
            @Reference MemoryBudget memory) {
        this(
                state,
                credentials,
                broker,
                memory,
                context.getBundle().getVersion().toString(),
                config.line_maximum_bytes(),
                Clock.systemUTC());
    }

    /**
     * Makes one without a container.
     *
     * @param memory is told of long lines of an import
     * @param version of the server, for the first line
     * @param longestLine most bytes of a line of an import
     */
    public TransferService(
            BrokerState state,
            CredentialState credentials,
            Broker broker,
            MemoryBudget memory,
            String version,
            int longestLine,
            Clock clock) {
        this.state = state;
        this.credentials = credentials;
        this.broker = broker;
        this.memory = memory.open(MemoryArea.HEAP, "state that is imported", MEMORY_PERCENT, null);
        this.version = version;
        this.longestLine = longestLine;
        this.clock = clock;
    }

    @Override
    public StateExport export(Set<StatePart> parts, Actor actor) {
        LOG.info("State exported (by={}, parts={})", actor, parts);
        LeftOut leftOut = new LeftOut();
        Iterator<String> moved =
                parts.contains(StatePart.CREDENTIALS)
                        ? credentials.credentials()
                        : Collections.emptyIterator();
        return new LineExport(
                new Line.Header(
                        Line.Header.VERSION,
                        version,
                        clock.instant().truncatedTo(ChronoUnit.MILLIS),
                        parts.stream().sorted().map(StatePart::name).toList()),
                moved,
                parts.contains(StatePart.RETAINED) ? state.retained(leftOut) : null,
                parts.contains(StatePart.SESSIONS) ? state.sessions(leftOut) : null,
                leftOut,
                all -> tellOf(all, actor));
    }

    private static void tellOf(LeftOut leftOut, Actor actor) {
        if (leftOut.count() > 0) {
            LOG.error(
                    "State exported without what is damaged in the store: restore a backup, or"
                            + " start once with --recover (by={}, leftOut={}): {}",
                    actor,
                    leftOut.count(),
                    leftOut.names());
        }
    }

    @Override
    public ImportReport importLines(InputStream lines, ImportRule rule, Actor actor)
            throws IOException {
        if (!importing.compareAndSet(false, true)) {
            throw new ConflictException("An import is under way.");
        }
        LOG.info(
                "State import begins (by={}, dryRun={}, replace={}, parts={})",
                actor,
                rule.dryRun(),
                rule.replace(),
                rule.parts());
        try {
            ImportReport report = read(lines, rule, actor);
            LOG.info(
                    "State imported (by={}, dryRun={}, problems={}): {}",
                    actor,
                    rule.dryRun(),
                    report.problems().size() + report.moreProblems(),
                    report.parts());
            return report;
        } catch (RuntimeException | IOException e) {
            LOG.warn("State import ended early (by={}): {}", actor, e.getMessage());
            throw e;
        } finally {
            importing.set(false);
        }
    }

    private ImportReport read(InputStream lines, ImportRule rule, Actor actor) throws IOException {
        Tally tally = new Tally();
        try (LineInput input = new LineInput(lines, longestLine, memory);
                RetainedImport retained = new RetainedImport(broker, state, rule, tally, clock);
                SessionImport sessions =
                        new SessionImport(
                                state.arrivals(rule.replace(), rule.dryRun(), actor),
                                tally,
                                clock)) {
            return new LineImport(
                            input,
                            rule,
                            tally,
                            credentials.arrivals(rule.replace(), rule.dryRun(), actor),
                            retained,
                            sessions)
                    .run();
        }
    }

    @Deactivate
    void stop() {
        memory.close();
    }
}
