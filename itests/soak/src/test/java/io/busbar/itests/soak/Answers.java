package io.busbar.itests.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What attackers may be told: Reason Codes and HTTP statuses of docs/limits.md, and no others. */
final class Answers {
    /** Busy, wait, full; more than the Receive Maximum; a take-over; nobody subscribed. */
    private static final Pattern OF_CLIENTS =
            Pattern.compile(
                    "CONNACK 0x(00|88|89|97|9F)|PUBACK 0x(00|10|97)|SUBACK 0x(00|01|97)"
                            + "|DISCONNECT 0x(8E|93|97)");

    private static final Pattern WRONG_PASSWORD = Pattern.compile("CONNACK 0x(86|87|88|89|97|9F)");

    private static final Pattern ANSWER =
            Pattern.compile("(CONNACK|PUBACK|SUBACK|DISCONNECT|HTTP) .*");

    private static final Map<String, Pattern> BY_ATTACK = new LinkedHashMap<>();

    static {
        BY_ATTACK.put("bodies of 1 MiB", Pattern.compile("HTTP (413|503)"));
        BY_ATTACK.put("bodies of a byte", Pattern.compile("HTTP (408|503)"));
        BY_ATTACK.put("hosts", Pattern.compile("HTTP (421|503)"));
        BY_ATTACK.put("exports", Pattern.compile("HTTP (200|401|429|503)"));
        BY_ATTACK.put("live streams", Pattern.compile("HTTP (200|401|429|503)"));
        BY_ATTACK.put("wrong", WRONG_PASSWORD);
    }

    /** What is to be seen at least once, on however slow a machine. */
    private static final Map<String, Pattern> AT_LEAST =
            Map.of(
                    "bodies of 1 MiB", Pattern.compile("HTTP 413"),
                    "hosts", Pattern.compile("HTTP 421"),
                    "wrong passwords", Pattern.compile("CONNACK 0x(86|87|9F)"));

    private Answers() {}

    /** What somebody was told and should not have been, and what was to be told and was not. */
    static List<String> surprising(Map<String, Map<String, Long>> attacks) {
        List<String> surprising = new ArrayList<>();
        attacks.forEach(
                (attack, counts) -> {
                    for (String told : counts.keySet()) {
                        if (told.startsWith("failed")
                                || ANSWER.matcher(told).matches()
                                        && !allowed(attack).matcher(told).matches()) {
                            surprising.add(attack + ": " + told);
                        }
                    }
                    AT_LEAST.forEach(
                            (name, answer) -> {
                                if (attack.startsWith(name)
                                        && counts.keySet().stream()
                                                .noneMatch(
                                                        told -> answer.matcher(told).matches())) {
                                    surprising.add(attack + ": never " + answer);
                                }
                            });
                });
        return surprising;
    }

    private static Pattern allowed(String attack) {
        return BY_ATTACK.entrySet().stream()
                .filter(entry -> attack.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(OF_CLIENTS);
    }
}
