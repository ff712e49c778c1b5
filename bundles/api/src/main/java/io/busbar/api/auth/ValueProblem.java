package io.busbar.api.auth;

import io.busbar.api.uns.Reason;

/**
 * Why a value cannot stand in a credential.
 *
 * @param text in a few words what is wrong with it and what was expected, without the name of the
 *     field
 * @param reason the same for programs
 */
public record ValueProblem(String text, Reason reason) {}
