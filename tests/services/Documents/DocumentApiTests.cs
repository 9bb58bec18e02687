namespace HmsMesh.Services.Tests.Documents;

/// <summary>The API of documents, on SQLite.</summary>
public class DocumentApiTests(DocumentsMesh documents) : DocumentApi(documents), IClassFixture<DocumentsMesh>;
