package io.busbar.testkit.storage;

import io.busbar.api.storage.Documents;
import io.busbar.testkit.contract.DocumentsContract;

class FakeDocumentsTest extends DocumentsContract {
    private final FakeDocuments documents = new FakeDocuments();

    @Override
    protected Documents documents() {
        return documents;
    }
}
