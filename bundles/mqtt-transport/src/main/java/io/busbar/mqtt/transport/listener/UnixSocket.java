package io.busbar.mqtt.transport.listener;

import io.busbar.mqtt.transport.config.ConfigException;
import io.busbar.mqtt.transport.loops.SocketIo;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A Unix domain socket as the address of a listener: a file that only programs of this machine can
 * connect to, and of those only whom its permissions let write. It goes when the listener does;
 * what a killed process left behind is replaced.
 */
record UnixSocket(Path file, Set<PosixFilePermission> permissions, int backlog)
        implements ListenAddress {
    private static final String PREFIX = "unix:";

    private static final Pattern MODE = Pattern.compile("0?[0-7]{3}");

    /** Whether a listener's host names one. */
    static boolean isNamedBy(String host) {
        return host.startsWith(PREFIX);
    }

    /**
     * Reads the address and permissions of a configuration.
     *
     * @throws ConfigException if something is wrong; the message says what and what is expected
     */
    static UnixSocket of(ListenerConfig c) {
        String path = c.host().substring(PREFIX.length());
        if (!path.startsWith("/")) {
            throw new ConfigException("host = " + c.host() + " (expected: unix:/path)", null);
        }
        if (!c.transport().equals("tcp")) {
            throw new ConfigException(
                    "transport = "
                            + c.transport()
                            + " (expected: tcp, because host is "
                            + PREFIX
                            + ")",
                    null);
        }
        if (!MODE.matcher(c.socket_mode()).matches()) {
            throw new ConfigException(
                    "socket.mode = " + c.socket_mode() + " (expected: octal such as 0660)", null);
        }
        return new UnixSocket(
                Path.of(path), permissions(Integer.parseInt(c.socket_mode(), 8)), c.backlog());
    }

    /** Bits from the owner's right to read down to the right of others to execute. */
    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission each : PosixFilePermission.values()) {
            if ((mode & 0400 >> each.ordinal()) != 0) {
                permissions.add(each);
            }
        }
        return permissions;
    }

    /** Until the permissions are set, those of the process's umask hold: 077 with our launcher. */
    @Override
    public Channel bind(ServerBootstrap bootstrap, SocketIo io) {
        Class<? extends ServerChannel> channel = io.serverDomainChannel();
        if (channel == null) {
            throw new ConfigException(
                    "cannot listen on "
                            + this
                            + ": it needs epoll, and "
                            + io.name()
                            + " serves. See io in etc/io.busbar.mqtt.loops.cfg.",
                    null);
        }
        removeStale();
        ChannelFuture bound =
                bootstrap
                        .channel(channel)
                        .option(ChannelOption.SO_BACKLOG, backlog)
                        .bind(new DomainSocketAddress(file.toString()))
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw cannotListen(bound.cause(), "Does its folder exist, and may we write there?");
        }
        try {
            Files.setPosixFilePermissions(file, permissions);
        } catch (IOException | UnsupportedOperationException e) {
            bound.channel().close().awaitUninterruptibly();
            throw cannotListen(e, "Its permissions cannot be set.");
        }
        return bound.channel();
    }

    /** Deletes the file of a listener that is gone; one that is there, or another file, stays. */
    private void removeStale() {
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther()) {
                throw new ConfigException(
                        "cannot listen on " + this + ": a file that is no socket is there", null);
            }
            if (isServed()) {
                throw new ConfigException(
                        "cannot listen on " + this + ": another program listens there", null);
            }
            Files.delete(file);
        } catch (IOException e) {
            throw cannotListen(e, "A socket is there already.");
        }
    }

    private boolean isServed() throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Does not wait for a server that is too busy to accept.
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(file));
            return true;
        } catch (ConnectException nobody) {
            return false;
        }
    }

    private ConfigException cannotListen(Throwable cause, String advice) {
        return new ConfigException(
                "cannot listen on " + this + ": " + cause.getMessage() + ". " + advice, cause);
    }

    @Override
    public String toString() {
        return PREFIX + file;
    }
}
