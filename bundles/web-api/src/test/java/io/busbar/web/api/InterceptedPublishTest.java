package io.busbar.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.ProviderView;
import io.busbar.api.broker.PublishResult;
import io.busbar.api.mqtt.ReasonCode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What interceptors say to those who publish over HTTP, and about themselves. */
class InterceptedPublishTest extends SignedInTest {
    private JsonObject written() {
        return server.post(
                        "/namespace/values:write",
                        "{\"items\":[{\"topic\":\"free/topic\",\"payload\":\"hot\"}]}")
                .json()
                .getAsJsonArray("results")
                .get(0)
                .getAsJsonObject();
    }

    @Test
    void write_refused_saysWhatIsWrong() {
        server.broker.answer =
                new PublishResult(ReasonCode.PAYLOAD_FORMAT_INVALID, "expected a number");

        JsonObject result = written();

        assertThat(result.get("accepted").getAsBoolean()).isFalse();
        assertThat(result.get("reasonCode").getAsInt()).isEqualTo(0x99);
        assertThat(result.get("reason").getAsString()).isEqualTo("expected a number");
    }

    @Test
    void write_diverted_isAcceptedAndSaysSo() {
        server.broker.answer = new PublishResult(ReasonCode.SUCCESS, "kept for people");

        JsonObject result = written();

        assertThat(result.get("accepted").getAsBoolean()).isTrue();
        assertThat(result.get("reasonCode").getAsInt()).isZero();
        assertThat(result.get("reason").getAsString()).isEqualTo("kept for people");
    }

    @Test
    void health_namesAnInterceptorThatHangs() {
        interceptor(ProviderView.State.HANGS);

        JsonObject ready = server.get("/health/ready").json();

        assertThat(ready.get("status").getAsString()).isEqualTo("DOWN");
        assertThat(check(ready).get("status").getAsString()).isEqualTo("DOWN");
        assertThat(check(ready).get("detail").getAsString()).isEqualTo("has not returned for 7 s");
    }

    @Test
    void health_whileOthersAreServed_isNotDown() {
        interceptor(ProviderView.State.LATE);

        JsonObject ready = server.get("/health/ready").json();

        assertThat(check(ready).get("status").getAsString()).isEqualTo("DEGRADED");
        assertThat(check(ready).get("detail").getAsString()).isEqualTo("has not returned for 7 s");
    }

    private void interceptor(ProviderView.State state) {
        server.broker.interceptors.add(
                new InterceptorView(
                        new ProviderView("interceptor", "gate", state, "has not returned for 7 s"),
                        List.of("#"),
                        false,
                        new InterceptorView.Counts(1, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO)));
    }

    private static JsonObject check(JsonObject ready) {
        for (JsonElement check : ready.getAsJsonArray("checks")) {
            if (check.getAsJsonObject().get("name").getAsString().equals("interceptor gate")) {
                return check.getAsJsonObject();
            }
        }
        throw new AssertionError("not named: " + ready);
    }
}
