package io.busbar.mqtt.broker.event;

import io.busbar.api.audit.Actor;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Who;
import io.busbar.api.broker.spi.ClientEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happens to clients to the log {@code io.busbar.mqtt.clients}, at DEBUG: what clients
 * do wrong is theirs, not the server's. Names that clients chose cannot break a line.
 */
final class EventLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.busbar.mqtt.clients");

    private EventLog() {}

    static boolean isOn() {
        return LOG.isDebugEnabled();
    }

    static void write(ClientEvent event) {
        if (LOG.isDebugEnabled()) {
            LOG.debug(line(event));
        }
    }

    /** An event in one line. */
    static String line(ClientEvent event) {
        if (event instanceof ClientEvent.Connected connected) {
            return "Connected ("
                    + client(connected.client())
                    + ", version="
                    + connected.client().version()
                    + ", sessionPresent="
                    + connected.sessionPresent()
                    + ")";
        } else if (event instanceof ClientEvent.Disconnected gone) {
            return "Disconnected ("
                    + client(gone.client())
                    + ", cause="
                    + gone.cause()
                    + ", reason="
                    + gone.reason()
                    + by(gone.actor())
                    + (gone.text() == null ? ")" : "): " + plain(gone.text()));
        } else if (event instanceof ClientEvent.SessionEnded ended) {
            return "Session ended (clientId="
                    + plain(ended.clientId())
                    + ", cause="
                    + ended.cause()
                    + by(ended.actor())
                    + ")";
        } else if (event instanceof ClientEvent.Dropped dropped) {
            return "Messages dropped (clientId="
                    + plain(dropped.clientId())
                    + ", cause="
                    + dropped.cause()
                    + ", count="
                    + dropped.count()
                    + ")";
        } else if (event instanceof ClientEvent.Refused refused) {
            return line(refused.rejection());
        }
        throw new IllegalArgumentException("event: " + event.getClass());
    }

    private static String line(Rejection rejection) {
        Who who = rejection.who();
        String topic = rejection.what().topic();
        String detail = rejection.what().detail();
        return "Refused (kind="
                + rejection.kind()
                + ", cause="
                + rejection.cause()
                + ", clientId="
                + plain(who.clientId())
                + (who.username() == null ? "" : ", user=" + plain(who.username()))
                + ", address="
                + who.address()
                + (topic == null ? "" : ", topic=" + plain(topic))
                + ", count="
                + rejection.times().count()
                + (detail.isEmpty() ? ")" : "): " + plain(detail));
    }

    private static String client(ClientView view) {
        return "clientId="
                + plain(view.clientId())
                + ", user="
                + plain(view.principal().username())
                + ", address="
                + view.address();
    }

    private static String by(@Nullable Actor actor) {
        return actor == null ? "" : ", by=" + plain(actor.toString());
    }

    private static String plain(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", "?");
    }
}
