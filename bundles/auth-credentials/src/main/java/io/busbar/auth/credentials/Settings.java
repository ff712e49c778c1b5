package io.busbar.auth.credentials;

/**
 * What is configured; {@link CredentialProvider.Config} has the bounds.
 *
 * @param freeFailures wrong passwords of one address for one user name before it must wait
 * @param freeFailuresOfAddress wrong passwords of one address for all user names in 15 minutes
 * @param longestDelaySeconds at which the wait stops doubling
 * @param cacheSeconds how long a chosen password once verified is known without hashing again
 */
record Settings(
        int freeFailures, int freeFailuresOfAddress, int longestDelaySeconds, int cacheSeconds) {}
