package io.busbar.mqtt.transport.loops;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Gives all reads of an event loop the same large buffer, as long as the previous reader has
 * released it. A reader that needs to keep data copies it. So one read takes everything that the
 * socket has, without allocating memory.
 */
public final class ReceiveBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
    /** As much as one read takes. */
    private static final int SIZE = 64 << 10;

    private final FastThreadLocal<ByteBuf> buffers =
            new FastThreadLocal<>() {
                @Override
                protected ByteBuf initialValue() {
                    return Unpooled.directBuffer(SIZE, SIZE);
                }

                @Override
                protected void onRemoval(ByteBuf buffer) {
                    buffer.release();
                }
            };

    @Override
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return SIZE;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                ByteBuf buffer = buffers.get();
                return buffer.refCnt() == 1
                        ? buffer.clear().retain()
                        : allocator.directBuffer(SIZE, SIZE);
            }
        };
    }
}
