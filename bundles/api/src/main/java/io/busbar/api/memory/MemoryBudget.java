package io.busbar.api.memory;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The memory that clients and users of the server may occupy together. Published as a service.
 *
 * <p>Whoever keeps something for others opens an account for that kind of use, asks the account
 * before it keeps more, and gives back when it lets go. Bytes are real ones: objects and their
 * structure included, estimated where they cannot be counted. An account refuses the one who holds
 * much long before it refuses those who hold little ({@link MemoryAccount#take}). If the memory
 * runs short nevertheless, the largest holder that can give back has to ({@link MemoryReclaimer}).
 *
 * <p>Thread-safe.
 */
@ProviderType
public interface MemoryBudget {
    /**
     * Opens an account. Accounts of the same area share its maximum.
     *
     * @param kind what it is for, in a few words for operators, e.g. {@code retained messages};
     *     shown with its bytes
     * @param percent how much of the area this kind may hold at most, 1 to 100: so that it leaves
     *     room for the others, however many hold it
     * @param reclaimer who gives back when the memory runs short, or null if nothing of this kind
     *     can be given back
     */
    MemoryAccount open(
            MemoryArea area, String kind, int percent, @Nullable MemoryReclaimer reclaimer);

    /** An area as it is now. */
    MemoryUse use(MemoryArea area);

    /** Who was refused, or had to give back, for lack of memory: the latest first. */
    List<MemoryShortage> shortages();
}
