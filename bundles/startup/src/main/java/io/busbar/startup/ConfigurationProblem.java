package io.busbar.startup;

/**
 * One line of a file that is not used.
 *
 * @param file the file, relative to the data folder: {@code etc/<name>.cfg}
 * @param key the key of the line
 * @param unknown whether nobody knows the key; if not, its value is none of those allowed
 * @param text one line for people: file, key, value, and what is allowed. The value of an unknown
 *     key is left out, as it may be a secret.
 */
record ConfigurationProblem(String file, String key, boolean unknown, String text) {}
