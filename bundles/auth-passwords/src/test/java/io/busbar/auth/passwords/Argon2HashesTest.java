package io.busbar.auth.passwords;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.busbar.api.auth.HashingUnavailableException;
import io.busbar.api.auth.spi.PasswordHashes;
import io.busbar.api.auth.spi.PasswordHashes.Verdict;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryShortage;
import io.busbar.memory.ProcessMemory;
import io.busbar.testkit.config.ConfigFile;
import io.busbar.testkit.config.Configs;
import io.busbar.testkit.contract.PasswordHashesContract;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Argon2HashesTest extends PasswordHashesContract {
    /** As it was stored before this bundle was there. */
    private static final String STORED =
            "$argon2id$v=19$m=19456,t=2,p=1$ABEiM0RVZneImaq7zN3u/w$E+BATt0t9IhfZ13ew9HMDdckQJndJtC5MHHEUdhxyaQ";

    private final ProcessMemory memory = new ProcessMemory(64 << 20, 0, Clock.systemUTC());
    private final Argon2Hashes hashes =
            new Argon2Hashes(Configs.of(Argon2Hashes.Config.class), memory);

    @AfterEach
    void stop() {
        hashes.close();
        memory.close();
    }

    @Test
    void verify_withoutRoomForWhatWaits_isBusy_andGivesBackWhatItTook() {
        try (MemoryAccount others = memory.open(MemoryArea.HEAP, "others", 100, null)) {
            others.add(64 << 20);

            assertThat(hashes.verify(new byte[65_535], null, () -> true))
                    .isCompletedWithValue(Verdict.BUSY);
            assertThat(memory.shortages())
                    .extracting(MemoryShortage::kind)
                    .containsExactly("passwords that wait");
        }

        assertThat(hashes.verify(new byte[65_535], null, () -> true).toCompletableFuture().join())
                .isEqualTo(Verdict.WRONG);
        assertThat(memory.use(MemoryArea.HEAP).usedBytes()).isZero();
    }

    @Override
    protected PasswordHashes hashes() {
        return hashes;
    }

    @Test
    void hash_namesAlgorithmAndParameters() {
        assertThat(hashes.hash(new byte[] {1})).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    }

    @Test
    void nobodysHash_isThatOfNoPassword_andTakesAsMuchWorkAsAnother() {
        String nobodys = Argon2id.nobodys(new SecureRandom());
        String another =
                Argon2id.hash(new byte[] {1}, new byte[Argon2id.SALT_BYTES], Argon2id.memory());

        assertThat(Argon2id.verify(new byte[] {1}, nobodys, Argon2id.memory())).isFalse();
        // The same algorithm, parameters and lengths.
        assertThat(nobodys).hasSameSizeAs(another);
        assertThat(nobodys.substring(0, nobodys.indexOf("p=1$")))
                .isEqualTo(another.substring(0, another.indexOf("p=1$")));
    }

    @Test
    void verify_readsWhatWasStoredBefore() throws Exception {
        assertThat(verify("correct horse battery", STORED)).isEqualTo(Verdict.RIGHT);
        assertThat(verify("correct horse batterz", STORED)).isEqualTo(Verdict.WRONG);
    }

    /**
     * An earlier version wrote the digits of the language of the machine: here of ar, fa, bn, my.
     */
    @Test
    void verify_readsWhatWasStoredWithOtherDigits() throws Exception {
        for (char zero : new char[] {'\u0660', '\u06F0', '\u09E6', '\u1040'}) {
            String stored = STORED.replace("m=19456,t=2,p=1", digits("m=19456,t=2,p=1", zero));

            assertThat(verify("correct horse battery", stored)).isEqualTo(Verdict.RIGHT);
            assertThat(verify("correct horse batterz", stored)).isEqualTo(Verdict.WRONG);
        }
    }

    /** A file from elsewhere may have it, and then any wrong password would do harm. */
    @Test
    void verify_ofAHashThatWantsTooMuch_computesNothing() {
        for (String much : List.of("m=65537,t=2,p=1", "m=9999999,t=2,p=1", "m=19456,t=17,p=1")) {
            assertThatThrownBy(() -> verify("x", STORED.replace("m=19456,t=2,p=1", much)))
                    .hasRootCauseInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("more than is computed here");
        }
    }

    private static String digits(String text, char zero) {
        StringBuilder other = new StringBuilder();
        for (char c : text.toCharArray()) {
            other.append(c >= '0' && c <= '9' ? (char) (zero + c - '0') : c);
        }
        return other.toString();
    }

    /** 19 MiB for each is garbage that a small heap cannot take: the memory is used again. */
    @Test
    void verify_again_allocatesLittle() throws Exception {
        try (Argon2Hashes one =
                new Argon2Hashes(Configs.of(Argon2Hashes.Config.class, "at_once", 1), memory)) {
            one.verify(new byte[] {1}, STORED, () -> true).toCompletableFuture().get();
            long before = allocated();

            for (int i = 0; i < 3; i++) {
                one.verify(new byte[] {1}, STORED, () -> true).toCompletableFuture().get();
            }

            assertThat(allocated() - before).isLessThan(3L << 20);
        }
    }

    /** Bytes that the threads of hashes have allocated. */
    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("busbar-password-hash"))
                .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.getId()))
                .sum();
    }

    @Test
    void stopped_isBusy() throws Exception {
        hashes.close();

        assertThat(verify("correct horse battery", STORED)).isEqualTo(Verdict.BUSY);
        assertThatThrownBy(() -> hashes.hash(new byte[] {1}))
                .isInstanceOf(HashingUnavailableException.class)
                .hasMessageContaining("try again");
    }

    @Test
    void atOnce_byDefault_followsTheProcessors() {
        long heap = 1L << 30;

        assertThat(Bounds.of(0, 256, 10, 1, heap).atOnce()).isEqualTo(2);
        assertThat(Bounds.of(0, 256, 10, 6, heap).atOnce()).isEqualTo(3);
        assertThat(Bounds.of(0, 256, 10, 64, heap).atOnce()).isEqualTo(4);
        assertThat(Bounds.of(1, 256, 10, 64, heap).atOnce()).isEqualTo(1);
    }

    @Test
    void atOnce_byDefault_takesNoMoreThanATenthOfTheHeap() {
        assertThat(Bounds.of(0, 256, 10, 64, 600L << 20).atOnce()).isEqualTo(3);
        assertThat(Bounds.of(0, 256, 10, 64, 256L << 20).atOnce()).isEqualTo(1);
        assertThat(Bounds.of(0, 256, 10, 64, 32L << 20).atOnce()).isEqualTo(1);
        assertThat(Bounds.of(2, 256, 10, 64, 72L << 20).atOnce()).isEqualTo(2);
    }

    @Test
    void shippedConfiguration_showsEveryKey() {
        ConfigFile.assertShows(Argon2Hashes.Config.class, "io.busbar.auth.passwords.cfg");
    }
}
