package io.busbar.auth.passwords;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * The slow hash of passwords that people choose, as PHC strings; 19 MiB, two passes: about 26 ms.
 */
final class Argon2id {
    private static final int MEMORY_KIB = 19 * 1024;

    /** What computing one hash takes of the heap. */
    static final long MEMORY_BYTES = MEMORY_KIB * 1024L;

    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int HASH_BYTES = 32;

    /** Bytes of a salt. */
    static final int SALT_BYTES = 16;

    /** More is not computed for a hash that came from elsewhere: any wrong password would do. */
    private static final int MOST_MEMORY_KIB = 1 << 16;

    private static final int MOST_PASSES = 16;

    /** Blocks for what is computed beside the memory. */
    private static final int SPARE = 8;

    /**
     * Digits of any language: earlier versions wrote those of the language of the machine. {@link
     * Integer#parseInt} reads them all.
     */
    private static final Pattern PHC =
            Pattern.compile(
                    "\\$argon2id\\$v=19\\$m=(\\p{Nd}{1,7}),t=(\\p{Nd}{1,3}),p=(\\p{Nd}{1,2})\\$([A-Za-z0-9+/]{11,128})\\$([A-Za-z0-9+/]{11,128})");

    private Argon2id() {}

    /** Memory for one hash after another, on one thread at a time. Kept until nobody has it. */
    static BlockPool memory() {
        return new FixedBlockPool(Argon2BytesGenerator.getBlockCount(MEMORY_KIB, LANES) + SPARE);
    }

    /**
     * Hashes a password.
     *
     * @param memory from {@link #memory}: what is made anew for each hash soon fills a small heap
     */
    static String hash(byte[] password, byte[] salt, BlockPool memory) {
        return phc(salt, hash(password, salt, MEMORY_KIB, PASSES, LANES, HASH_BYTES, memory));
    }

    /**
     * A hash that takes as long to verify as any other, and is that of no password that anybody
     * knows. Nothing is computed for it.
     */
    static String nobodys(SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        byte[] hash = new byte[HASH_BYTES];
        random.nextBytes(salt);
        random.nextBytes(hash);
        return phc(salt, hash);
    }

    private static String phc(byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        // Not every language's digits are those of the format.
        return String.format(
                Locale.ROOT,
                "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s",
                MEMORY_KIB,
                PASSES,
                LANES,
                base64.encodeToString(salt),
                base64.encodeToString(hash));
    }

    /**
     * Whether the password is the one that was hashed.
     *
     * @param memory from {@link #memory}
     * @throws IllegalArgumentException if the text is no PHC string of Argon2id, or wants too much
     */
    static boolean verify(byte[] password, String phc, BlockPool memory) {
        Matcher parts = PHC.matcher(phc);
        if (!parts.matches()) {
            throw new IllegalArgumentException("hash: not a PHC string of argon2id");
        }
        int memoryKib = Integer.parseInt(parts.group(1));
        int passes = Integer.parseInt(parts.group(2));
        if (memoryKib > MOST_MEMORY_KIB || passes > MOST_PASSES) {
            throw new IllegalArgumentException(
                    "hash: m=" + memoryKib + ", t=" + passes + " is more than is computed here");
        }
        byte[] expected = Base64.getDecoder().decode(parts.group(5));
        byte[] actual =
                hash(
                        password,
                        Base64.getDecoder().decode(parts.group(4)),
                        memoryKib,
                        passes,
                        Integer.parseInt(parts.group(3)),
                        expected.length,
                        memory);
        boolean same = MessageDigest.isEqual(actual, expected);
        Arrays.fill(actual, (byte) 0);
        return same;
    }

    private static byte[] hash(
            byte[] password,
            byte[] salt,
            int memoryKib,
            int passes,
            int lanes,
            int length,
            BlockPool memory) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(
                new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                        .withMemoryAsKB(memoryKib)
                        .withIterations(passes)
                        .withParallelism(lanes)
                        .withSalt(salt)
                        .withBlockPool(memory)
                        .build());
        byte[] hash = new byte[length];
        generator.generateBytes(password, hash);
        return hash;
    }
}
