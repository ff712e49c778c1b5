package io.busbar.api.memory;

import org.osgi.annotation.versioning.ProviderType;

/**
 * What one kind of use occupies, as an account of the {@link MemoryBudget}. Nothing is allocated by
 * its methods, and no lock is taken. Thread-safe.
 */
@ProviderType
public interface MemoryAccount extends AutoCloseable {
    /**
     * What to give as {@code held}, in bytes, for what nobody in particular pays for, such as nodes
     * and the values of topics: little enough to get more while others hold much, and too much to
     * use up the last of the memory, which is for clients that come in.
     */
    int COMMON = 4 << 10;

    /**
     * Counts more bytes if there is room for them. How much room there is depends on what the asker
     * holds already. It gets no more than some times of what would then be left for all others, so
     * the largest holders are refused first and some room is always left. The last part of the
     * memory is kept for those who hold little; the less of it is left, the less they may hold.
     *
     * @param held bytes that the asker holds already; the asker is whoever should pay: a client, a
     *     credential, an address
     * @param more bytes that it asks for, 0 or more
     * @return whether they were counted; if so, {@link #add} them back with a negative number when
     *     they are not held any more
     */
    boolean take(long held, long more);

    /** Whether {@link #take} would count the bytes; counts nothing. */
    boolean hasRoom(long held, long more);

    /**
     * Counts bytes without asking: negative ones were given back, positive ones are held whether
     * there is room or not.
     */
    void add(long bytes);

    /**
     * So many bytes are kept for this account, which counts without asking: others who hold much
     * leave them free. Without that, what it counts would use up the last part of the memory, which
     * is for those who hold little.
     */
    void keepFree(long bytes);

    /** The bytes counted now. */
    long bytes();

    /**
     * Notes that somebody was refused, so that operators see who holds too much. Equal ones are
     * gathered.
     *
     * @param holder who was refused: a Client Identifier, a user name, an address
     * @param held bytes that it holds
     */
    void refused(String holder, long held);

    /** Gives back everything; the account counts nothing any more. */
    @Override
    void close();
}
