package io.busbar.testkit.contract;

import io.busbar.api.storage.Documents;

class FakeDocumentsTest extends DocumentsContract {
    private final FakeDocuments documents = new FakeDocuments();

    @Override
    protected Documents documents() {
        return documents;
    }
}
