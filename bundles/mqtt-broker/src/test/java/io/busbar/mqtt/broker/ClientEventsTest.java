package io.busbar.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.audit.Actor;
import io.busbar.api.broker.DropCause;
import io.busbar.api.broker.ProviderView;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.SubAck;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What listeners are told of clients: each with its cause. */
class ClientEventsTest extends BrokerFixture {
    private final BlockingQueue<ClientEvent> told = new LinkedBlockingQueue<>();

    @BeforeEach
    void listen() {
        broker.events().bind(told::add, Map.of());
    }

    private <E extends ClientEvent> E next(Class<E> type) throws InterruptedException {
        for (ClientEvent event; (event = told.poll(10, TimeUnit.SECONDS)) != null; ) {
            if (type.isInstance(event)) {
                return type.cast(event);
            }
        }
        throw new AssertionError("no " + type.getSimpleName());
    }

    @Test
    void session_endsWithItsConnection() throws InterruptedException {
        client("a").says(Disconnect.NORMAL);

        ClientEvent.SessionEnded ended = next(ClientEvent.SessionEnded.class);
        assertThat(ended.clientId()).isEqualTo("a");
        assertThat(ended.cause()).isEqualTo(ClientEvent.SessionEnd.CONNECTION);
    }

    @Test
    void session_expires() throws InterruptedException {
        connected(connect("a", true, 5)).lose();

        advance(6_000);

        assertThat(next(ClientEvent.SessionEnded.class).cause())
                .isEqualTo(ClientEvent.SessionEnd.EXPIRED);
    }

    @Test
    void session_givesWayToANewOne() throws InterruptedException {
        connected(connect("a", false, 100)).lose();

        client("a");

        assertThat(next(ClientEvent.SessionEnded.class).cause())
                .isEqualTo(ClientEvent.SessionEnd.CLEAN_START);
    }

    @Test
    void takeOver_isTheCauseOfTheDisconnection() throws InterruptedException {
        client("a");

        client("a");

        assertThat(next(ClientEvent.Disconnected.class).cause())
                .isEqualTo(ClientEvent.Cause.TAKEN_OVER);
    }

    @Test
    void disconnection_saysWhoWantedItAndWhy() throws InterruptedException {
        Actor ada = Actor.user("ada", "192.0.2.7");
        client("a");

        broker.clients()
                .disconnect("a", ReasonCode.ADMINISTRATIVE_ACTION, "Disconnected by ada", ada);
        advance(0);

        ClientEvent.Disconnected gone = next(ClientEvent.Disconnected.class);
        assertThat(gone.cause()).isEqualTo(ClientEvent.Cause.ADMINISTRATOR);
        assertThat(gone.text()).isEqualTo("Disconnected by ada");
        assertThat(gone.actor()).isEqualTo(ada);
    }

    @Test
    void sessionsThatAreEnded_sayByWhom() throws InterruptedException {
        connected(connect("a", true, 100)).lose();
        String principal = broker.clients().sessions().get(0).principalId();

        broker.clients()
                .disconnectAll(
                        principal,
                        ReasonCode.ADMINISTRATIVE_ACTION,
                        "Credential was deleted",
                        true,
                        Actor.BOOTSTRAP);
        advance(0);

        ClientEvent.SessionEnded ended = next(ClientEvent.SessionEnded.class);
        assertThat(ended.cause()).isEqualTo(ClientEvent.SessionEnd.ADMINISTRATOR);
        assertThat(ended.actor()).isEqualTo(Actor.BOOTSTRAP);
    }

    @Test
    void drops_areGatheredWithTheirCause() throws InterruptedException {
        connected(connect("s", true, 100)).says(subscribe("t", Qos.AT_LEAST_ONCE)).lose();
        FakeLink publisher = client("p");
        for (int i = 1; i <= 13; i++) {
            publisher.says(publish("t", "x", Qos.AT_LEAST_ONCE, i));
        }

        advance(250);

        ClientEvent.Dropped dropped = next(ClientEvent.Dropped.class);
        assertThat(dropped.clientId()).isEqualTo("s");
        assertThat(dropped.cause()).isEqualTo(DropCause.QUEUE_FULL);
        assertThat(dropped.count()).isEqualTo(3);
        assertThat(broker.stats().losses().drops()).containsEntry(DropCause.QUEUE_FULL, 3L);
    }

    @Test
    void qos0_tooLargeForTheClient_isADrop() throws InterruptedException {
        connected(connect("s", true, null, properties(0, 10, 40)))
                .says(subscribe("t", Qos.AT_MOST_ONCE))
                .next(SubAck.class);

        client("p").says(publish("t", "x".repeat(100), Qos.AT_MOST_ONCE, 0));
        advance(250);

        assertThat(next(ClientEvent.Dropped.class).cause()).isEqualTo(DropCause.TOO_LARGE);
    }

    @Test
    void refusal_saysItsCause() throws InterruptedException {
        access.publishing(topic -> false);

        client("p").says(publish("t", "x", Qos.AT_MOST_ONCE, 0));

        assertThat(next(ClientEvent.Refused.class).rejection().cause())
                .isEqualTo(Rejection.Cause.PUBLISH_DENIED);
    }

    @Test
    void listenerThatHangs_isNamed_andTheOthersAreTold() throws InterruptedException {
        Hang hang = new Hang();
        broker.events().bind(event -> hang.here(), Map.of("component.name", "stuck"));
        client("a");
        hang.awaitInside(1);

        advance(30_000);
        client("b").says(Disconnect.NORMAL);

        assertThat(next(ClientEvent.SessionEnded.class).clientId()).isEqualTo("b");
        ProviderView stuck = listener("stuck");
        assertThat(stuck.kind()).isEqualTo("client listener");
        assertThat(stuck.state()).isEqualTo(ProviderView.State.LATE);
        assertThat(stuck.detail()).contains("has not returned");

        hang.release();
        hang.awaitInside(0);
        advance(1_000);
        assertThat(listener("stuck").state()).isEqualTo(ProviderView.State.ASKED);
    }

    private ProviderView listener(String name) {
        List<ProviderView> named =
                broker.providers().stream().filter(each -> each.name().equals(name)).toList();
        assertThat(named).hasSize(1);
        return named.get(0);
    }
}
