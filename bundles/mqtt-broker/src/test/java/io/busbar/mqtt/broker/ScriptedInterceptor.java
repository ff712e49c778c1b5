package io.busbar.mqtt.broker;

import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.broker.spi.PublishOrigin;
import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Answers as a test says, and keeps what it was asked. */
final class ScriptedInterceptor implements PublishInterceptor {
    final List<Message> asked = new ArrayList<>();
    final List<PublishOrigin> origins = new ArrayList<>();
    Function<Message, PublishVerdict> script;

    ScriptedInterceptor(Function<Message, PublishVerdict> script) {
        this.script = script;
    }

    @Override
    public PublishVerdict intercept(Message message, PublishOrigin origin) {
        asked.add(message);
        origins.add(origin);
        return script.apply(message);
    }

    List<String> askedTexts() {
        return asked.stream()
                .map(each -> new String(each.payload(), StandardCharsets.UTF_8))
                .toList();
    }
}
