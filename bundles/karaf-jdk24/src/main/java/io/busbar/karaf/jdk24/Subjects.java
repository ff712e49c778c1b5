package io.busbar.karaf.jdk24;

import java.security.AccessControlContext;
import java.security.PrivilegedAction;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import javax.security.auth.Subject;
import javax.security.auth.SubjectDomainCombiner;
import org.jspecify.annotations.Nullable;

/**
 * Carries the subject of a shell session to the threads that run its commands, as the access
 * control context did before JDK 24. {@code Subject.callAs} would not do: its subject does not
 * reach the threads that the shell starts for the parts of a pipe. Names and types are those of the
 * methods that it stands in for.
 */
@SuppressWarnings("removal")
public final class Subjects {
    private static final InheritableThreadLocal<@Nullable Subject> CURRENT =
            new InheritableThreadLocal<>();

    private Subjects() {}

    /** For {@code Subject.getSubject}: the subject of the action that runs, or null. */
    public static @Nullable Subject getSubject(@Nullable AccessControlContext context) {
        return CURRENT.get();
    }

    /** For {@code AccessController.doPrivileged}. */
    public static <T> T doPrivileged(
            PrivilegedAction<T> action, @Nullable AccessControlContext context) {
        Subject before = enter(context);
        try {
            return action.run();
        } finally {
            CURRENT.set(before);
        }
    }

    /** For {@code AccessController.doPrivileged} of an action with checked exceptions. */
    public static <T> T doPrivileged(
            PrivilegedExceptionAction<T> action, @Nullable AccessControlContext context)
            throws PrivilegedActionException {
        Subject before = enter(context);
        try {
            return action.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new PrivilegedActionException(e);
        } finally {
            CURRENT.set(before);
        }
    }

    private static @Nullable Subject enter(@Nullable AccessControlContext context) {
        Subject before = CURRENT.get();
        if (context != null
                && context.getDomainCombiner() instanceof SubjectDomainCombiner combiner) {
            CURRENT.set(combiner.getSubject());
        }
        return before;
    }
}
