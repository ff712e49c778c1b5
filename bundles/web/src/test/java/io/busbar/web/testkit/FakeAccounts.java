package io.busbar.web.testkit;

import io.busbar.api.accounts.Accounts;
import io.busbar.api.accounts.Role;
import io.busbar.api.accounts.User;
import io.busbar.api.audit.Actor;
import io.busbar.api.auth.HashingUnavailableException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * People with one password unless they got another; the first administrator is made with the token
 * "token".
 */
public final class FakeAccounts implements Accounts {
    /** The password of everybody who got no other. */
    public static final String PASSWORD = "correct horse battery";

    private static final Instant T0 = Instant.parse("2026-11-24T08:00:00Z");

    private final Map<String, User> users = new ConcurrentHashMap<>();
    private final Map<String, String> passwords = new ConcurrentHashMap<>();
    private volatile int throttledForSeconds;
    private volatile boolean hashing = true;

    /** Adds a person, or gives one another role. */
    public void add(String name, Role role) {
        users.put(name, new User(name, role, T0, null, 1));
    }

    /** Lets everybody who signs in wait; 0 = nobody. */
    public void throttle(int seconds) {
        throttledForSeconds = seconds;
    }

    /** Nobody can sign in any more: no password can be verified. */
    public void loseHashes() {
        hashing = false;
    }

    @Override
    public boolean setupRequired() {
        return users.values().stream().noneMatch(user -> user.role() == Role.ADMIN);
    }

    @Override
    public String newSetupToken(Actor actor) {
        return "token";
    }

    @Override
    public boolean isSetupToken(String token) {
        return token.equals("token");
    }

    @Override
    public User setUp(String token, String username, String password, Actor actor) {
        if (!isSetupToken(token)) {
            throw new SecurityException("wrong token");
        }
        add(username, Role.ADMIN);
        return users.get(username);
    }

    @Override
    public boolean ensure(String username, String password, Role role, Actor actor) {
        return false;
    }

    @Override
    public SignIn signIn(String username, String password, String address) {
        if (!hashing) {
            throw HashingUnavailableException.notRunning();
        }
        if (throttledForSeconds > 0) {
            return new SignIn.Throttled(throttledForSeconds);
        }
        User user = users.get(username);
        return user != null && password.equals(passwords.getOrDefault(username, PASSWORD))
                ? new SignIn.Granted(user)
                : new SignIn.Refused(4);
    }

    @Override
    public List<User> list() {
        return List.copyOf(users.values());
    }

    @Override
    public Optional<User> get(String username) {
        return Optional.ofNullable(users.get(username));
    }

    @Override
    public void delete(String username, Actor actor) {
        users.remove(username);
    }

    @Override
    public void setPassword(String username, String password, Actor actor) {
        passwords.put(username, password);
    }
}
