package io.busbar.mqtt.transport.listener;

import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Transport;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.link.Connections;
import io.busbar.mqtt.transport.admission.Admission;
import io.busbar.mqtt.transport.config.ConfigException;
import io.busbar.mqtt.transport.connection.OpenLinks;
import io.busbar.mqtt.transport.loops.EventLoops;
import io.busbar.mqtt.transport.tls.Tls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import java.net.InetSocketAddress;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One address at which the server listens for clients, with its own configuration. Listeners can be
 * added, changed and removed while others keep running. A change never affects existing
 * connections, and reopens the server socket only if the address changes. If it cannot listen, its
 * state says why, for console and log. The component stays active, so that a corrected
 * configuration takes effect at once.
 */
@Component(
        service = Listener.class,
        immediate = true,
        configurationPid = "io.busbar.mqtt.listener",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ListenerConfig.class, factory = true)
public final class Listener implements ListenerRegistry.Member {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    private static final int STOP_MILLIS = 3_000;

    /**
     * Connections that are accepted in one turn of a loop. Netty would accept one: then who comes
     * waits a turn for each who came before, which is seconds while the loops are busy.
     */
    private static final int ACCEPTED_AT_ONCE = 64;

    private final EventLoops loops;
    private final Connections connections;
    private final ListenerRegistry registry;
    private final Admission admission;
    private final OpenLinks links = new OpenLinks();
    private final CertificateFiles certificates = new CertificateFiles();

    private volatile ListenerConfig config;

    /** Null until a configuration could be read. */
    private volatile @Nullable ListenerSettings settings;

    private volatile @Nullable Channel server;
    private volatile ListenerView.State state = ListenerView.State.STOPPED;
    private volatile String detail = "";
    private @Nullable Future<?> watch;

    /** Listens, or says why not. */
    @Activate
    public Listener(
            @Reference EventLoops loops,
            @Reference Connections connections,
            @Reference ListenerRegistry registry,
            ListenerConfig config) {
        this.loops = loops;
        this.connections = connections;
        this.registry = registry;
        this.config = config;
        this.admission = new Admission(loops.places(), loops.connections(), System::nanoTime);
        registry.add(this);
        modified(config);
    }

    /**
     * Takes a changed configuration: connections stay, the server socket only moves if its address
     * changes.
     */
    @Modified
    public synchronized void modified(ListenerConfig changed) {
        config = changed;
        try {
            ListenerSettings old = settings;
            ListenerSettings read = ListenerSettings.of(changed);
            Channel open = server;
            if (open != null
                    && open.isActive()
                    && old != null
                    && old.address().equals(read.address())) {
                use(read);
                LOG.info("Listener {} changed, its connections stay", name());
            } else {
                unbind();
                use(read);
                bind(read);
            }
        } catch (ConfigException e) {
            unbind();
            failed(e.getMessage());
        }
    }

    /**
     * Closes the server socket first, then tells the clients, then closes what is left after a
     * deadline.
     */
    @Deactivate
    public synchronized void stop() {
        stopWatching();
        unbind();
        links.shutDown(ReasonCode.SERVER_SHUTTING_DOWN, STOP_MILLIS);
        registry.remove(this);
        LOG.info("Listener {} stopped", name());
    }

    /** From here on new connections are made with these. */
    private void use(ListenerSettings read) {
        stopWatching();
        settings = read;
        detail = "";
        admission.limits(read.limits());
        Tls tls = read.tls();
        if (tls != null) {
            certificates.begin(name(), tls);
            watch = registry.watch(this::checkFiles, config.certificate_poll_seconds());
        }
    }

    private void stopWatching() {
        Future<?> watching = watch;
        if (watching != null) {
            watching.cancel(false);
            watch = null;
        }
    }

    private synchronized void checkFiles() {
        ListenerSettings now = settings;
        Tls old = now == null ? null : now.tls();
        if (watch == null || now == null || old == null) {
            return;
        }
        Tls read = certificates.look(name(), old);
        if (read != null) {
            settings = now.with(read);
        }
        detail = certificates.problem();
    }

    private void bind(ListenerSettings read) {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loops.group())
                        .option(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new ServerChannelRecvByteBufAllocator()
                                        .respectMaybeMoreData(false)
                                        .maxMessagesPerRead(ACCEPTED_AT_ONCE))
                        .childHandler(
                                new ConnectionInitializer(
                                        () -> settings, loops, connections, admission, links));
        server = read.address().bind(bootstrap, loops.io());
        state = ListenerView.State.LISTENING;
        LOG.info("Listener {} listens on {}", name(), view().uri());
    }

    private void failed(@Nullable String message) {
        stopWatching();
        state = ListenerView.State.FAILED;
        detail = String.valueOf(message);
        LOG.error("Listener {} does not listen: {}", name(), detail);
    }

    private void unbind() {
        Channel open = server;
        server = null;
        state = ListenerView.State.STOPPED;
        if (open != null) {
            open.close().awaitUninterruptibly(STOP_MILLIS);
        }
    }

    private String name() {
        return ListenerSettings.name(config);
    }

    @Override
    public @Nullable String authorities() {
        ListenerSettings now = settings;
        Tls secure = now == null ? null : now.tls();
        return secure == null ? null : secure.authorities().pem();
    }

    @Override
    public ListenerView view() {
        ListenerConfig c = config;
        Channel open = server;
        ListenerSettings now = settings;
        Tls secure = now == null ? null : now.tls();
        Transport transport;
        try {
            transport = ListenerSettings.transport(c);
        } catch (ConfigException e) {
            transport = Transport.TCP;
        }
        String host = c.host();
        int port = UnixSocket.isNamedBy(host) ? 0 : c.port();
        if (open != null && open.localAddress() instanceof InetSocketAddress address) {
            port = address.getPort();
        }
        return new ListenerView(
                name(),
                transport,
                host,
                port,
                transport.isWebSocket() ? c.path() : "",
                state,
                detail,
                links.size(),
                admission.refused(),
                c.proxy_protocol(),
                secure == null ? null : secure.expiresAt(),
                c.advertised_host(),
                c.advertised_port());
    }
}
