package io.busbar.auth.file;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.AclRule.Effect;
import io.busbar.api.auth.Principal;
import io.busbar.api.mqtt.TopicFilter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the files: {@code name:hash} lines in the one, Mosquitto's access rules in the
 * other. Immutable; a changed file is read as a whole and takes the place of the old content, or
 * does not.
 */
final class UsersFile {
    /** The name of the authenticator whose users they are. */
    static final String PROVIDER = "file";

    /** Nobody. */
    static final UsersFile EMPTY = new UsersFile(Map.of());

    private final Map<String, FileUser> users;

    private UsersFile(Map<String, FileUser> users) {
        this.users = Map.copyOf(users);
    }

    /**
     * Reads the files.
     *
     * @param rules the access rules, or null: then everybody has {@link AclRule#DEFAULT}
     * @throws BadLineException if a line is not understood; nothing of the files counts then
     * @throws IOException if a file cannot be read
     */
    static UsersFile read(Path passwords, @Nullable Path rules) throws IOException {
        Rules access = rules == null ? null : Rules.read(rules);
        Map<String, FileUser> users = new HashMap<>();
        List<String> lines = Files.readAllLines(passwords, StandardCharsets.UTF_8);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                FileUser user = user(line, access);
                if (users.put(user.principal().username(), user) != null) {
                    throw new IllegalArgumentException(
                            "user " + user.principal().username() + " stands here twice");
                }
            } catch (IllegalArgumentException e) {
                throw new BadLineException(passwords, i + 1, e.getMessage());
            }
        }
        return new UsersFile(users);
    }

    private static FileUser user(String line, @Nullable Rules access) {
        int colon = line.indexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("no user (expected: name:hash)");
        }
        String name = line.substring(0, colon);
        PasswordHash hash = PasswordHash.of(line.substring(colon + 1).strip());
        List<AclRule> acl = access == null ? AclRule.DEFAULT : access.of(name);
        return new FileUser(
                new Principal(PROVIDER + ":" + name, PROVIDER, name, name, acl, 0), hash);
    }

    @Nullable FileUser user(String name) {
        return users.get(name);
    }

    int size() {
        return users.size();
    }

    /** One line: who, and the password's hash. */
    record FileUser(Principal principal, PasswordHash password) {}

    /**
     * A line that is not understood, named as editors and people find it: {@code file:line:
     * problem}.
     */
    static final class BadLineException extends IOException {
        private static final long serialVersionUID = 1L;

        BadLineException(Path file, int line, @Nullable String problem) {
            super(file + ":" + line + ": " + problem);
        }
    }

    /** Mosquitto's {@code acl_file}: {@code user}, {@code topic} and {@code pattern} lines. */
    private record Rules(Map<String, List<AclRule>> byUser, List<AclRule> ofEverybody) {
        static Rules read(Path file) throws IOException {
            Rules rules = new Rules(new HashMap<>(), new ArrayList<>());
            List<AclRule> current = null;
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i).strip();
                int space = line.indexOf(' ');
                String word = space < 0 ? line : line.substring(0, space);
                String rest = space < 0 ? "" : line.substring(space + 1).strip();
                try {
                    if (word.isEmpty() || word.startsWith("#")) {
                        continue;
                    } else if (word.equals("user") && !rest.isEmpty()) {
                        current = rules.byUser.computeIfAbsent(rest, name -> new ArrayList<>());
                    } else if (word.equals("pattern")) {
                        rules.ofEverybody.add(rule(rest));
                    } else if (word.equals("topic") && current != null) {
                        current.add(rule(rest));
                    } else if (word.equals("topic")) {
                        throw new IllegalArgumentException(
                                "topic before the first user: there are no anonymous clients here");
                    } else {
                        throw new IllegalArgumentException(
                                "\"" + word + "\" (expected: user, topic or pattern)");
                    }
                } catch (IllegalArgumentException e) {
                    throw new BadLineException(file, i + 1, e.getMessage());
                }
            }
            return rules;
        }

        /** Reads {@code [read|write|readwrite|deny] filter}; without the word it is readwrite. */
        private static AclRule rule(String text) {
            int space = text.indexOf(' ');
            String word = space < 0 ? "" : text.substring(0, space);
            Effect effect = word.equals("deny") ? Effect.DENY : Effect.ALLOW;
            Action action =
                    switch (word) {
                        case "read" -> Action.SUBSCRIBE;
                        case "write" -> Action.PUBLISH;
                        default -> Action.BOTH;
                    };
            boolean hasWord = List.of("read", "write", "readwrite", "deny").contains(word);
            String filter = hasWord ? text.substring(space + 1).strip() : text;
            String problem = TopicFilter.problemOf(filter);
            if (problem != null) {
                throw new IllegalArgumentException("topic filter \"" + filter + "\" " + problem);
            }
            return new AclRule(effect, action, filter);
        }

        List<AclRule> of(String user) {
            List<AclRule> rules = new ArrayList<>(ofEverybody);
            rules.addAll(byUser.getOrDefault(user, List.of()));
            return rules;
        }
    }
}
