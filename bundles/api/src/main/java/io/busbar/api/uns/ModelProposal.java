package io.busbar.api.uns;

import java.util.List;

/**
 * A model that was read off payloads. It can be saved for a topic of any type, and the payloads
 * that it was made from fit it.
 *
 * @param format how the payloads are read
 * @param model the fields that were found. {@link Model#ANY} if there are none to find
 * @param payloads how many payloads it was made from
 * @param notes what people should know of it, e.g. what was left out and why; sentences
 * @param reasons the notes for programs, in the same order
 */
public record ModelProposal(
        PayloadFormat format, Model model, int payloads, List<String> notes, List<Reason> reasons) {
    public ModelProposal {
        notes = List.copyOf(notes);
        reasons = List.copyOf(reasons);
    }
}
