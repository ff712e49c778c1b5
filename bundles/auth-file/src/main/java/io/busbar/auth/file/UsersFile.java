package io.busbar.auth.file;

import io.busbar.api.auth.AclFilter;
import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.AclRule.Effect;
import io.busbar.api.auth.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the files: {@code name:hash} lines in the one, Mosquitto's access rules in the
 * other. Immutable. A line that is not understood does not count, and is named in {@link #unread}.
 */
final class UsersFile {
    /** The name of the authenticator whose users they are. */
    static final String PROVIDER = "file";

    /** Nobody. */
    static final UsersFile EMPTY = new UsersFile(Map.of(), List.of());

    /** Takes some time, and matches no password. */
    private static final PasswordHash NOBODYS =
            new PasswordHash.Pbkdf2("HmacSHA512", 101, new byte[12], new byte[64]);

    private static final int SECRET = new SecureRandom().nextInt();

    private final Map<String, FileUser> users;

    private final List<PasswordHash> hashes;
    private final List<String> unread;

    private UsersFile(Map<String, FileUser> users, List<String> unread) {
        this.users = Map.copyOf(users);
        this.hashes = users.values().stream().map(FileUser::password).toList();
        this.unread = List.copyOf(unread);
    }

    /**
     * Reads the files.
     *
     * @param rules the access rules, or null: then everybody has {@link AclRule#DEFAULT}
     * @throws IOException if a file cannot be read
     */
    static UsersFile read(Path passwords, @Nullable Path rules) throws IOException {
        List<String> unread = new ArrayList<>();
        Rules access = rules == null ? null : Rules.read(rules, unread);
        Map<String, FileUser> users = new HashMap<>();
        forEachLine(
                passwords,
                unread,
                line -> {
                    FileUser user = user(line, access);
                    if (users.putIfAbsent(user.principal().username(), user) != null) {
                        throw new IllegalArgumentException(
                                "user " + user.principal().username() + " stands here twice");
                    }
                });
        return new UsersFile(users, unread);
    }

    /**
     * Takes the lines of a file that are neither empty nor comments, without the byte order mark
     * that some editors put in front.
     *
     * @param unread where a line is named as {@code file:line: problem} if it is not understood: if
     *     it is not UTF-8 or the taker throws {@link IllegalArgumentException}
     */
    private static void forEachLine(Path file, List<String> unread, Consumer<String> taker)
            throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        List<String> lines =
                (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                taker.accept(line);
            } catch (IllegalArgumentException e) {
                unread.add(file + ":" + (i + 1) + ": " + e.getMessage());
            }
        }
    }

    private static void requireUtf8(String text) {
        if (text.indexOf('\uFFFD') >= 0) {
            throw new IllegalArgumentException("is not UTF-8 (expected: a file saved as UTF-8)");
        }
    }

    private static FileUser user(String line, @Nullable Rules access) {
        int colon = line.indexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("no user (expected: name:hash)");
        }
        requireUtf8(line);
        String name = line.substring(0, colon);
        PasswordHash hash = PasswordHash.of(line.substring(colon + 1).strip());
        List<AclRule> acl = access == null ? AclRule.DEFAULT : access.of(name);
        return new FileUser(
                new Principal(PROVIDER + ":" + name, PROVIDER, name, name, acl, 0), hash);
    }

    @Nullable FileUser user(String name) {
        return users.get(name);
    }

    /**
     * The hash that is computed for a name that nobody has: one of the file, always the same for
     * the same name, so that the time does not tell which names there are. Its verdict means
     * nothing.
     */
    PasswordHash hashLikeThatOf(String nobody) {
        return hashes.isEmpty()
                ? NOBODYS
                : hashes.get(Math.floorMod(nobody.hashCode() * 31 + SECRET, hashes.size()));
    }

    int size() {
        return users.size();
    }

    /** The lines that do not count, as editors and people find them: {@code file:line: problem}. */
    List<String> unread() {
        return unread;
    }

    /** One line: who, and the password's hash. */
    record FileUser(Principal principal, PasswordHash password) {}

    /**
     * Mosquitto's {@code acl_file}: {@code user}, {@code topic} and {@code pattern} lines, with
     * blanks or tabs between the words. A line that does not count never widens what somebody may:
     * after a bad {@code user} line the topics are nobody's, and a bad {@code deny} line forbids
     * everything.
     */
    private static final class Rules {
        private static final List<AclRule> NOTHING =
                List.of(
                        new AclRule(Effect.DENY, Action.BOTH, "#"),
                        new AclRule(Effect.DENY, Action.BOTH, "$SYS/#"));
        private static final Set<String> ACCESS = Set.of("read", "write", "readwrite", "deny");

        private final Map<String, List<AclRule>> byUser = new HashMap<>();
        private final List<AclRule> ofEverybody = new ArrayList<>();
        private boolean anyUser;
        private @Nullable List<AclRule> current;

        static Rules read(Path file, List<String> unread) throws IOException {
            Rules rules = new Rules();
            forEachLine(file, unread, rules::take);
            return rules;
        }

        private void take(String line) {
            String[] words = words(line);
            switch (words[0]) {
                case "user" -> takeUser(words[1]);
                case "pattern" -> take(words[1], ofEverybody);
                case "topic" -> {
                    List<AclRule> rules = current;
                    if (rules == null) {
                        throw new IllegalArgumentException(
                                anyUser
                                        ? "topic of a user line that was not read"
                                        : "topic before the first user: Mosquitto gives it to"
                                                + " clients without a name, and there are none here"
                                                + " (for everybody: pattern)");
                    }
                    take(words[1], rules);
                }
                default -> {
                    // It may have been a user line: what follows is not the last user's.
                    anyUser = true;
                    current = null;
                    throw new IllegalArgumentException(
                            "\"" + words[0] + "\" (expected: user, topic or pattern)");
                }
            }
        }

        private void takeUser(String name) {
            anyUser = true;
            current = null;
            requireUtf8(name);
            if (name.isEmpty()) {
                throw new IllegalArgumentException("user without a name");
            }
            current = byUser.computeIfAbsent(name, ignored -> new ArrayList<>());
        }

        /** Reads {@code [read|write|readwrite|deny] filter}; without the word it is readwrite. */
        private static void take(String text, List<AclRule> rules) {
            String[] words = words(text);
            boolean hasWord = ACCESS.contains(words[0]) && !words[1].isEmpty();
            String word = hasWord ? words[0] : "readwrite";
            String filter = hasWord ? words[1] : text;
            try {
                requireUtf8(filter);
                String problem = AclFilter.problemOf(filter);
                if (problem != null) {
                    throw new IllegalArgumentException(
                            "topic filter \"" + filter + "\" " + problem);
                }
            } catch (IllegalArgumentException e) {
                if (word.equals("deny")) {
                    rules.addAll(NOTHING);
                }
                throw e;
            }
            Action action =
                    switch (word) {
                        case "read" -> Action.SUBSCRIBE;
                        case "write" -> Action.PUBLISH;
                        default -> Action.BOTH;
                    };
            rules.add(
                    new AclRule(word.equals("deny") ? Effect.DENY : Effect.ALLOW, action, filter));
        }

        /** The first word and what follows it. */
        private static String[] words(String text) {
            String[] words = text.split("[ \t]+", 2);
            return new String[] {words[0], words.length == 1 ? "" : words[1].strip()};
        }

        List<AclRule> of(String user) {
            List<AclRule> rules = new ArrayList<>(ofEverybody);
            rules.addAll(byUser.getOrDefault(user, List.of()));
            return rules;
        }
    }
}
