namespace HmsMesh.Broker.Writing;

/// <summary>Something that waits for the writer.</summary>
internal abstract class WriteRequest
{
    /// <summary>What it holds in memory while it waits.</summary>
    public virtual int Bytes => 0;

    /// <summary>Whether what consumers did must be in the log with it.</summary>
    public virtual bool WithProgress => false;

    /// <summary>On the writer's thread: adds its records to the group.</summary>
    public abstract void Assemble(LogWriter writer);

    /// <summary>The broker is closing, or the writer ended.</summary>
    public abstract void Abandon();
}
