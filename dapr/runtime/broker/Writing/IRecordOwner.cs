namespace HmsMesh.Broker.Writing;

/// <summary>Who asked for a record and is told, on the writer's thread, what became of it.</summary>
internal interface IRecordOwner
{
    /// <summary>A sync covers it.</summary>
    void Stored(int index, long offset);

    void Refused(int index, PublishStatus status, string problem);
}
