package io.busbar.api.config.spi;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Checks values of a configuration whose form an annotation cannot say, such as addresses. A value
 * that is not allowed does not reach the component: a running one keeps what it has.
 *
 * <p>Publish it as a component of its own, without a configuration: it has to be there before the
 * component that gets the values, and while that one is restarted. Thread-safe; must not block.
 */
@ConsumerType
public interface ValueCheck {
    /** The PID whose values are checked, or the factory PID. */
    String pid();

    /**
     * Checks a value. Type, bounds and options have been checked before.
     *
     * @param key as it stands in the file, e.g. {@code trusted.proxies}
     * @param value the value; of a list one element, without blanks around it
     * @return what is allowed, in words that go on after "allowed is"; null if the value is
     */
    @Nullable String allowed(String key, String value);
}
