package io.busbar.testkit.client;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Over a Unix domain socket. Its channel has no read with a deadline, so a selector waits. */
final class UnixWire implements Wire {
    private final SocketChannel channel;
    private final Selector selector;

    UnixWire(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        channel.configureBlocking(false);
        selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        channel.keyFor(selector).interestOps(SelectionKey.OP_WRITE);
        while (out.hasRemaining()) {
            if (channel.write(out) == 0) {
                selector.select();
                selector.selectedKeys().clear();
            }
        }
    }

    @Override
    public int read(byte[] into, long untilNanos) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(into);
        channel.keyFor(selector).interestOps(SelectionKey.OP_READ);
        for (int read; ; ) {
            read = channel.read(in);
            if (read != 0) {
                return read;
            }
            long left = TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime());
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            selector.select(left);
            selector.selectedKeys().clear();
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
