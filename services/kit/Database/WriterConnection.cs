using Microsoft.Data.Sqlite;

namespace HmsMesh.Kit;

/// <summary>The connection that writes. Once it was given up it stays closed: a mapper would open it again, and who was left behind
/// would then write beside all transactions.</summary>
internal sealed class WriterConnection(string connectionString) : SqliteConnection(connectionString)
{
    private bool _over;

    public override void Open()
    {
        ObjectDisposedException.ThrowIf(_over, this);
        base.Open();
    }

    protected override void Dispose(bool disposing)
    {
        _over = true;
        base.Dispose(disposing);
    }
}
