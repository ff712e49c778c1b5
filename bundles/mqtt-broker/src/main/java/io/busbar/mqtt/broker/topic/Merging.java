package io.busbar.mqtt.broker.topic;

import io.busbar.api.mqtt.Qos;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Subscriber;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One delivery for all overlapping subscriptions of a subscriber: the highest QoS, every identifier
 * [MQTT5-3.3.4-2] [MQTT5-3.3.4-3] [MQTT5-3.3.4-4]. The identifiers ascend, which the protocol does
 * not ask for: so their order never depends on who else subscribes. Those of the filter with most
 * subscribers are taken as they are; only those who are among the others too get a match of their
 * own.
 */
final class Merging {
    private Merging() {}

    /**
     * Makes one set of several.
     *
     * @param found the members of each filter, no set empty
     */
    static Match[][] of(List<Match[][]> found) {
        if (found.isEmpty()) {
            return Members.NONE;
        }
        Match[][] largest = found.get(0);
        for (int i = 1; i < found.size(); i++) {
            if (Members.sizeOf(found.get(i)) > Members.sizeOf(largest)) {
                largest = found.get(i);
            }
        }
        if (found.size() == 1) {
            return largest;
        }
        Map<Subscriber, List<Match>> others = new IdentityHashMap<>();
        for (Match[][] set : found) {
            if (set == largest) {
                continue;
            }
            for (Match[] chunk : set) {
                for (Match match : chunk) {
                    others.computeIfAbsent(match.subscriber(), one -> new ArrayList<>(2))
                            .add(match);
                }
            }
        }
        List<Match[]> all = new ArrayList<>(largest.length + 1);
        for (Match[] chunk : largest) {
            all.add(withOthers(chunk, others));
        }
        if (!others.isEmpty()) {
            Match[] rest = new Match[others.size()];
            int n = 0;
            for (List<Match> theirs : others.values()) {
                rest[n++] = merged(theirs);
            }
            all.add(rest);
        }
        return all.toArray(Members.NONE);
    }

    private static Match[] withOthers(Match[] chunk, Map<Subscriber, List<Match>> others) {
        Match[] merged = chunk;
        for (int i = 0; i < chunk.length && !others.isEmpty(); i++) {
            List<Match> theirs = others.remove(chunk[i].subscriber());
            if (theirs != null) {
                merged = merged == chunk ? chunk.clone() : merged;
                theirs.add(chunk[i]);
                merged[i] = merged(theirs);
            }
        }
        return merged;
    }

    private static Match merged(List<Match> matches) {
        if (matches.size() == 1) {
            return matches.get(0);
        }
        boolean noLocal = false;
        for (Match match : matches) {
            noLocal |= match.noLocal();
        }
        Match own = noLocal ? merge(matches, true, false, null) : null;
        Match all = merge(matches, false, noLocal, own);
        return all == null ? matches.get(0) : all;
    }

    private static @Nullable Match merge(
            List<Match> matches, boolean onlyLocal, boolean noLocal, @Nullable Match own) {
        Qos qos = null;
        boolean retainAsPublished = false;
        int[] identifiers = Match.NO_IDENTIFIERS;
        for (Match match : matches) {
            if (onlyLocal && match.noLocal()) {
                continue;
            }
            qos = qos == null || qos.compareTo(match.qos()) < 0 ? match.qos() : qos;
            retainAsPublished |= match.retainAsPublished();
            int before = identifiers.length;
            int more = match.identifiers().length;
            if (more > 0) {
                identifiers = Arrays.copyOf(identifiers, before + more);
                System.arraycopy(match.identifiers(), 0, identifiers, before, more);
            }
        }
        Arrays.sort(identifiers);
        return qos == null
                ? null
                : new Match(
                        matches.get(0).subscriber(),
                        qos,
                        retainAsPublished,
                        identifiers,
                        noLocal,
                        own,
                        null);
    }
}
