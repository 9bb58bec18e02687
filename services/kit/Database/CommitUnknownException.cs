namespace HmsMesh.Kit;

/// <summary>The connection broke while a transaction was being committed, and the database didn't say in time what became of it. The work
/// isn't repeated, as it may be done.</summary>
public sealed class CommitUnknownException(Exception inner)
    : Exception("the connection broke during the commit, and the database has not said what became of it", inner);
