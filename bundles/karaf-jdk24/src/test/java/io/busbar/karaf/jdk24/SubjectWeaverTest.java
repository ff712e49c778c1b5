package io.busbar.karaf.jdk24;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.security.AccessControlContext;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.ProtectionDomain;
import java.util.concurrent.Callable;
import javax.security.auth.Subject;
import javax.security.auth.SubjectDomainCombiner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A class that asks as Karaf's classes do, woven and run. */
@SuppressWarnings("removal")
class SubjectWeaverTest {
    @Test
    void getSubject_insideDoPrivileged_isTheSubject() throws Exception {
        Object[] seen = (Object[]) woven(Asking.class).call();

        assertThat(seen[0]).isInstanceOf(Subject.class).isSameAs(seen[1]);
    }

    @Test
    void getSubject_onAThreadThatTheActionStarts_isTheSubject() throws Exception {
        Object[] seen = (Object[]) woven(Asking.class).call();

        assertThat(seen[2]).isSameAs(seen[0]);
    }

    @Test
    void getSubject_afterTheAction_isNobody() throws Exception {
        woven(Asking.class).call();

        assertThat(Subjects.getSubject(null)).isNull();
    }

    @Test
    void class_withoutSuchCalls_staysAsItIs() throws IOException {
        assertThat(SubjectWeaver.redirect(bytes(SubjectWeaver.class))).isNull();
    }

    private static Callable<?> woven(Class<?> type) throws Exception {
        byte[] changed = SubjectWeaver.redirect(bytes(type));
        assertThat(changed).isNotNull();
        ClassLoader loader =
                new ClassLoader(type.getClassLoader()) {
                    @Override
                    protected Class<?> loadClass(String name, boolean resolve)
                            throws ClassNotFoundException {
                        return name.equals(type.getName())
                                ? defineClass(name, changed, 0, changed.length)
                                : super.loadClass(name, resolve);
                    }
                };
        return (Callable<?>) loader.loadClass(type.getName()).getConstructor().newInstance();
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        String file = "/" + type.getName().replace('.', '/') + ".class";
        try (InputStream in = SubjectWeaverTest.class.getResourceAsStream(file)) {
            return in.readAllBytes();
        }
    }

    /** Returns its subject, the one it is told, and the one that a thread of it is told. */
    public static final class Asking implements Callable<Object[]> {
        private final @Nullable Object[] seen = new Object[3];

        public Asking() {}

        @Override
        public Object[] call() {
            Subject subject = new Subject();
            seen[0] = subject;
            AccessControlContext context =
                    new AccessControlContext(
                            new AccessControlContext(new ProtectionDomain[0]),
                            new SubjectDomainCombiner(subject));
            PrivilegedAction<Void> action =
                    () -> {
                        seen[1] = Subject.getSubject(AccessController.getContext());
                        Thread thread =
                                new Thread(
                                        () ->
                                                seen[2] =
                                                        Subject.getSubject(
                                                                AccessController.getContext()));
                        thread.start();
                        try {
                            thread.join(10_000);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        return null;
                    };
            AccessController.doPrivileged(action, context);
            return seen;
        }
    }
}
