package io.busbar.itests.broker;

import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StoreBatch;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that counts how much is handed over to it. */
final class CountedStore {
    private final AtomicInteger commits = new AtomicInteger();
    private final AtomicInteger messages = new AtomicInteger();
    private final BrokerStore store;

    CountedStore(BrokerStore inner) {
        store =
                proxy(
                        BrokerStore.class,
                        (it, method, arguments) -> {
                            Object result = method.invoke(inner, arguments);
                            return method.getName().equals("own")
                                    ? ((CompletionStage<?>) result)
                                            .thenApply(owner -> counted((ShardOwner) owner))
                                    : result;
                        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    BrokerStore store() {
        return store;
    }

    int commits() {
        return commits.get();
    }

    /** How many messages, each with a number of its own in its batch. */
    int messages() {
        return messages.get();
    }

    private ShardOwner counted(ShardOwner owner) {
        return proxy(
                ShardOwner.class,
                (it, method, arguments) -> {
                    switch (method.getName()) {
                        case "newBatch":
                            return proxy(StoreBatch.class, new Batch(owner.newBatch()));
                        case "commit":
                            commits.incrementAndGet();
                            Object batch = ((Batch) Proxy.getInvocationHandler(arguments[0])).inner;
                            return method.invoke(owner, batch, arguments[1]);
                        default:
                            return method.invoke(owner, arguments);
                    }
                });
    }

    private final class Batch implements InvocationHandler {
        final StoreBatch inner;

        Batch(StoreBatch inner) {
            this.inner = inner;
        }

        @Override
        public Object invoke(Object it, Method method, Object[] arguments)
                throws ReflectiveOperationException {
            if (method.getName().equals("message")) {
                messages.incrementAndGet();
            }
            return method.invoke(inner, arguments);
        }
    }
}
