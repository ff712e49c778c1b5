package io.busbar.itests.fuzz;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;

/** Buffers that are counted until they are released. */
final class CountedBuffers extends AbstractByteBufAllocator {
    private int inUse;

    /** How many were not released. */
    int inUse() {
        return inUse;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return new Counted(initialCapacity, maxCapacity);
    }

    /** On the heap as well: nothing here is given to a kernel. */
    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return new Counted(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }

    private final class Counted extends UnpooledHeapByteBuf {
        Counted(int initialCapacity, int maxCapacity) {
            super(CountedBuffers.this, initialCapacity, maxCapacity);
            inUse++;
        }

        @Override
        protected void deallocate() {
            inUse--;
            super.deallocate();
        }
    }
}
