using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Documents;

/// <summary>The API of documents, on PostgreSQL.</summary>
[Trait("Category", "Slow")]
public class DocumentApiOnPostgresTests : DocumentApi, IClassFixture<DocumentsMeshOnPostgres>
{
    public DocumentApiOnPostgresTests(DocumentsMeshOnPostgres documents)
        : base(documents) => Assert.SkipWhen(PostgresCluster.Missing is not null, PostgresCluster.Missing ?? "");
}
