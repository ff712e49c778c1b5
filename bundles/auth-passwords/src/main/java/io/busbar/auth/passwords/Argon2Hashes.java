package io.busbar.auth.passwords;

import io.busbar.api.auth.HashingUnavailableException;
import io.busbar.api.auth.spi.PasswordHashes;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryBudget;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Hashes passwords with Argon2id, on a few threads of its own that all callers share. When it is
 * stopped, waiting calls are answered "busy". Thread-safe.
 */
@Component(
        service = PasswordHashes.class,
        immediate = true,
        configurationPid = "io.busbar.auth.passwords")
@Designate(ocd = Argon2Hashes.Config.class)
public final class Argon2Hashes implements PasswordHashes, AutoCloseable {
    /** The configuration. */
    @ObjectClassDefinition(name = "Password hashes")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "Passwords hashed at once, 19 MiB of memory each, 1 to 64; 0 = half of the"
                            + " processors, but at least 2 and at most 4, and no more than a tenth"
                            + " of the heap holds",
                min = "0",
                max = "64")
        int at_once() default 0;

        @AttributeDefinition(
                description =
                        "Passwords that may wait to be hashed, 1 to 10000; who comes then is asked"
                                + " to try again",
                min = "1",
                max = "10000")
        int waiting() default 1000;

        @AttributeDefinition(
                description =
                        "Who has waited longer than this many seconds is asked to try again, 1 to"
                                + " 30",
                min = "1",
                max = "30")
        int wait_seconds() default 10;
    }

    /** How much of the memory passwords that wait may take, in percent. */
    private static final int PART = 5;

    private static final String KIND = "passwords that wait";

    /** What waits with a password beside it. */
    private static final int WAITING_BYTES = 500;

    /** The asker has the password as well, and one more for the time after. */
    private static final int COPIES = 3;

    private final SecureRandom random = new SecureRandom();
    private final String nobodysHash;

    /** Goes with the thread, half a minute after its last hash. */
    private final ThreadLocal<BlockPool> memory = ThreadLocal.withInitial(Argon2id::memory);

    private final MemoryAccount account;
    private final Turns turns;

    @Activate
    public Argon2Hashes(Config config, @Reference MemoryBudget memory) {
        this.account = memory.open(MemoryArea.HEAP, KIND, PART, null);
        this.turns = new Turns(Clock.systemUTC(), bounds(config));
        this.nobodysHash = Argon2id.nobodys(random);
    }

    /** Takes new bounds without going away. */
    @Modified
    void modified(Config config) {
        turns.change(bounds(config));
    }

    @Deactivate
    @Override
    public void close() {
        turns.close();
        account.close();
    }

    private static Bounds bounds(Config config) {
        return Bounds.of(
                config.at_once(),
                config.waiting(),
                config.wait_seconds(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory());
    }

    @Override
    public String hash(byte[] password) {
        byte[] copy = password.clone();
        try {
            return turns.take(
                            () -> Argon2id.hash(copy, randomBytes(), memory.get()),
                            () -> {
                                throw HashingUnavailableException.busy();
                            })
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    @Override
    public CompletionStage<Verdict> verify(
            byte[] password, @Nullable String hash, BooleanSupplier wanted) {
        long bytes = WAITING_BYTES + (long) COPIES * password.length;
        if (!account.take(0, bytes)) { // each is of somebody else, who comes in
            account.refused(KIND, account.bytes());
            return CompletableFuture.completedFuture(Verdict.BUSY);
        }
        byte[] copy = password.clone();
        return turns.take(
                        () -> wanted.getAsBoolean() ? judge(copy, hash) : Verdict.WRONG,
                        () -> Verdict.BUSY)
                .whenComplete(
                        (verdict, failure) -> {
                            Arrays.fill(copy, (byte) 0);
                            account.add(-bytes);
                        });
    }

    private Verdict judge(byte[] password, @Nullable String hash) {
        boolean same = Argon2id.verify(password, hash == null ? nobodysHash : hash, memory.get());
        return same && hash != null ? Verdict.RIGHT : Verdict.WRONG;
    }

    @Override
    public int waiting() {
        return turns.waiting();
    }

    @Override
    public Duration longestWait() {
        return turns.longestWait();
    }

    private byte[] randomBytes() {
        byte[] bytes = new byte[Argon2id.SALT_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }
}
