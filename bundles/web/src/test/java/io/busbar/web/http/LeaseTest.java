package io.busbar.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The objects of a request that is over belong to another one. */
class LeaseTest {
    private final List<String> touched = Collections.synchronizedList(new ArrayList<>());
    private final List<AsyncListener> listeners = new ArrayList<>();
    private final List<Throwable> lost = new ArrayList<>();
    private boolean recycled;

    private final AsyncContext context =
            fake(
                    AsyncContext.class,
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("addListener")) {
                            listeners.add((AsyncListener) arguments[0]);
                        }
                        touched.add(method.getName());
                        return null;
                    });
    private final HttpServletRequest request =
            fake(
                    HttpServletRequest.class,
                    (proxy, method, arguments) ->
                            switch (method.getName()) {
                                case "startAsync" -> context;
                                case "getHeaderNames" -> Collections.enumeration(List.of("Accept"));
                                case "getHeader" -> "text/plain";
                                case "getMethod" -> recycled ? null : "GET";
                                case "getRequestURI" -> recycled ? null : "/api/test/now";
                                case "getContentLengthLong" -> -1L;
                                case "isSecure" -> false;
                                case "getServerPort", "getRemotePort" -> 8080;
                                case "getServerName" -> "localhost";
                                case "getCookies", "getQueryString" -> null;
                                case "getRemoteAddr" -> recycled ? null : "10.0.0.7";
                                default -> throw new AssertionError(method.getName());
                            });
    private final HttpServletResponse response =
            fake(
                    HttpServletResponse.class,
                    (proxy, method, arguments) -> touched.add(method.getName()) ? null : null);

    private final Lease lease = new Lease(request, response, lost::add);

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private void ended() {
        for (AsyncListener listener : listeners) {
            try {
                listener.onComplete(new AsyncEvent(context));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        recycled = true;
    }

    private static void status(@Nullable HttpServletRequest from, HttpServletResponse to) {
        to.setStatus(200);
    }

    @Test
    void afterTheEnd_nothingIsTouched_andTheHeadIsStillThere() throws Exception {
        ended();
        touched.clear();

        assertThat(lease.use(LeaseTest::status)).isFalse();
        assertThat(lease.ask(() -> true)).isFalse();
        lease.complete();

        assertThat(touched).isEmpty();
        assertThat(lease.head().method()).isEqualTo("GET");
        assertThat(lease.head().uri()).isEqualTo("/api/test/now");
        assertThat(lease.head().address()).isEqualTo("10.0.0.7");
        assertThat(lease.head().header("accept")).isEqualTo("text/plain");
        assertThat(lease.peer().getPort()).isEqualTo(8080);
    }

    @Test
    void afterCompleting_nothingIsTouched_thoughTheServerHasNotSaidSo() throws Exception {
        lease.complete();
        lease.complete();

        assertThat(lease.use(LeaseTest::status)).isFalse();
        assertThat(touched).containsOnlyOnce("complete").doesNotContain("setStatus");
    }

    @Test
    void whileInUse_theEndWaits() throws Exception {
        CountDownLatch using = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<Boolean> use =
                    threads.submit(
                            () ->
                                    lease.use(
                                            (from, to) -> {
                                                using.countDown();
                                                awaitUninterrupted(go);
                                                assertThat(recycled).isFalse();
                                                to.setStatus(200);
                                            }));
            using.await();
            Future<?> end = threads.submit(this::ended);
            assertThat(end.isDone()).isFalse();
            go.countDown();

            assertThat(use.get()).isTrue();
            end.get();
            assertThat(recycled).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void atEnd_runsOnce_alsoIfItIsOverAlready() {
        List<String> ran = new ArrayList<>();
        lease.atEnd(() -> ran.add("before"));
        assertThat(ran).isEmpty();

        ended();
        lease.atEnd(() -> ran.add("after"));
        ended();

        assertThat(ran).containsExactly("before", "after");
    }

    @Test
    void whatTheServerGivesUp_isTold() throws Exception {
        IOException reset = new IOException("reset");
        listeners.get(0).onError(new AsyncEvent(context, reset));

        assertThat(lost).containsExactly(reset);
    }
}
