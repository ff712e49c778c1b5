package io.busbar.itests.soak;

import java.util.List;

/**
 * What the process of the attackers is told, as JSON in a file.
 *
 * @param seconds how long they go on
 * @param only parts of names of attacks to run, or with ! before them not to run; empty for all
 * @param admin who may sign in to the console
 * @param accounts one credential for each attacker: its rights are everything below {@code attack},
 *     it may read everything, and take any Client Identifier
 * @param chosen credentials with passwords that people chose
 */
record Orders(
        int mqttPort,
        int httpPort,
        int seconds,
        List<String> only,
        Account admin,
        List<Account> accounts,
        List<Account> chosen) {
    /** Whether an attack of this name is to be run. */
    boolean asksFor(String attack) {
        return only.stream()
                        .noneMatch(
                                part -> part.startsWith("!") && attack.contains(part.substring(1)))
                && (only.stream().allMatch(part -> part.startsWith("!"))
                        || only.stream().anyMatch(attack::contains));
    }
}
