package io.busbar.mqtt.transport;

import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Transport;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.link.Connections;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
 * One listening address: a factory configuration that may come, change and go while the others
 * serve on. A change binds the server socket anew only if the address changes, and never touches
 * connections. What prevents listening is a state with a message, for console and log; the
 * component stays active, so that a corrected configuration takes effect at once.
 */
@Component(
        service = Listener.class,
        immediate = true,
        configurationPid = "io.busbar.mqtt.listener",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ListenerConfig.class, factory = true)
public final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    private static final int STOP_MILLIS = 3_000;

    /** So long before a certificate expires it is said in the log, once. */
    private static final Duration EXPIRY_WARNING = Duration.ofDays(14);

    private final EventLoops loops;
    private final Connections connections;
    private final ListenerRegistry registry;
    private final Admission admission;
    private final Set<SocketLink> links = ConcurrentHashMap.newKeySet();

    private volatile ListenerConfig config;
    private volatile @Nullable ListenerSettings settings;
    private volatile @Nullable Channel server;
    private volatile ListenerView.State state = ListenerView.State.STOPPED;
    private volatile String detail = "";
    private @Nullable Future<?> watch;
    private String seenFiles = "";
    private String refusedFiles = "";
    private Instant expiryTold = Instant.MAX;

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
        this.admission = new Admission(loops.places(), System::nanoTime);
        registry.add(this);
        start();
    }

    /**
     * Takes a changed configuration: connections stay, the server socket only moves if its address
     * changes.
     */
    @Modified
    synchronized void modified(ListenerConfig changed) {
        ListenerConfig old = config;
        Channel open = server;
        config = changed;
        boolean sameAddress =
                old.host().equals(changed.host())
                        && old.port() == changed.port()
                        && old.socket_mode().equals(changed.socket_mode())
                        && old.backlog() == changed.backlog();
        if (open != null && open.isActive() && sameAddress) {
            try {
                read(changed);
                detail = "";
                LOG.info("Listener {} changed, its connections stay", name());
            } catch (ListenerException e) {
                unbind();
                failed(e.getMessage());
            }
            return;
        }
        unbind();
        start();
    }

    /**
     * Closes the server socket first, then tells the clients, then closes what is left after a
     * deadline.
     */
    @Deactivate
    synchronized void stop() {
        stopWatching();
        unbind();
        for (SocketLink link : links) {
            link.shutDown(ReasonCode.SERVER_SHUTTING_DOWN);
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
        while (!links.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        for (SocketLink link : links) {
            link.abort();
        }
        registry.remove(this);
        LOG.info("Listener {} stopped", name());
    }

    private synchronized void start() {
        ListenerConfig c = config;
        try {
            read(c);
            bind(c);
        } catch (ListenerException e) {
            failed(e.getMessage());
        }
    }

    /** Takes a configuration for new connections, with the files that it names. */
    private void read(ListenerConfig c) {
        stopWatching();
        ListenerSettings read = ListenerSettings.of(c);
        settings = read;
        admission.limits(
                c.max_connections(), c.max_connections_per_address(), c.max_connects_per_second());
        Tls tls = read.tls();
        if (tls != null) {
            seenFiles = tls.files();
            refusedFiles = "";
            tellExpiry(tls);
            watch = registry.watch(this::checkFiles, c.certificate_poll_seconds());
        }
    }

    private void stopWatching() {
        Future<?> watching = watch;
        if (watching != null) {
            watching.cancel(false);
            watch = null;
        }
    }

    /**
     * Reads the files again if they changed, and not while they still change: what is written one
     * after the other belongs together. What cannot be used leaves everything as it was.
     */
    private synchronized void checkFiles() {
        ListenerSettings now = settings;
        Tls old = now == null ? null : now.tls();
        if (now == null || old == null) {
            return;
        }
        ListenerConfig c = config;
        String files = Tls.files(c);
        boolean settled = files.equals(seenFiles);
        seenFiles = files;
        if (settled && !files.equals(old.files()) && !files.equals(refusedFiles)) {
            try {
                Tls read = Tls.read(c, ListenerSettings.protocol(now.transport()));
                settings = now.with(read);
                old = read;
                refusedFiles = "";
                detail = "";
                LOG.info(
                        "Listener {} uses its changed certificates for new connections"
                                + " (expiresAt={})",
                        name(),
                        read.expiresAt());
            } catch (ListenerException e) {
                refusedFiles = files;
                detail = e.getMessage() + "; the certificates read before stay in use";
                LOG.warn("Listener {}: {}", name(), detail);
            }
        }
        if (!refusedFiles.isEmpty() && files.equals(old.files())) {
            refusedFiles = "";
            detail = "";
        }
        tellExpiry(old);
    }

    private void tellExpiry(Tls current) {
        if (!expiryTold.equals(current.expiresAt())
                && current.expiresAt().isBefore(Instant.now().plus(EXPIRY_WARNING))) {
            expiryTold = current.expiresAt();
            LOG.warn(
                    "Listener {}: a certificate {} at {}",
                    name(),
                    current.expiresAt().isBefore(Instant.now()) ? "expired" : "expires",
                    current.expiresAt());
        }
    }

    private void bind(ListenerConfig c) {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loops.group())
                        .option(ChannelOption.SO_BACKLOG, c.backlog())
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(sendBufferBytes() / 4, sendBufferBytes()))
                        .childHandler(
                                new ConnectionInitializer(
                                        this, loops, connections, admission, links));
        server =
                UnixSocket.isNamedBy(c.host())
                        ? UnixSocket.of(c).bind(bootstrap, loops.io())
                        : bindTcp(bootstrap, c);
        state = ListenerView.State.LISTENING;
        detail = "";
        LOG.info("Listener {} listens on {}", name(), view().uri());
    }

    private Channel bindTcp(ServerBootstrap bootstrap, ListenerConfig c) {
        InetSocketAddress address = new InetSocketAddress(c.host(), c.port());
        if (address.isUnresolved()) {
            throw new ListenerException("host " + c.host() + " is not known", null);
        }
        ChannelFuture bound =
                bootstrap
                        .channel(loops.io().serverChannel())
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .bind(address)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new ListenerException(
                    "cannot listen on " + c.host() + ":" + c.port() + ": " + why(address, bound),
                    bound.cause());
        }
        return bound.channel();
    }

    /** What a person can do about a failed bind. */
    private static String why(InetSocketAddress address, ChannelFuture bound) {
        try {
            if (!address.getAddress().isAnyLocalAddress()
                    && NetworkInterface.getByInetAddress(address.getAddress()) == null) {
                return "the address is none of this machine's. Choose another host.";
            }
        } catch (SocketException unknown) {
            LOG.debug("Network interfaces cannot be listed", unknown);
        }
        return bound.cause().getMessage()
                + ". Is another program on this port? Choose another host or port.";
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

    String name() {
        ListenerConfig c = config;
        return c.name().isEmpty() ? c.transport() : c.name();
    }

    /** What a new connection needs; there is none before it listens. */
    ListenerSettings settings() {
        return Objects.requireNonNull(settings, "settings");
    }

    int sendBufferBytes() {
        return Math.max(4 << 10, config.send_buffer_bytes());
    }

    /** The state of now. */
    ListenerView view() {
        ListenerConfig c = config;
        Channel open = server;
        ListenerSettings now = settings;
        Tls secure = now == null ? null : now.tls();
        Transport transport;
        try {
            transport = ListenerSettings.transport(c);
        } catch (ListenerException e) {
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
                ListenerSettings.isWebSocket(transport) ? c.path() : "",
                state,
                detail,
                links.size(),
                admission.refused(),
                secure == null ? null : secure.expiresAt());
    }

    /** A connection is gone; called by its link. */
    void left(SocketLink link) {
        links.remove(link);
    }
}
