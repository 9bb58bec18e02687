namespace HmsMesh.Kit;

/// <summary>A subject whose events are being sent by this instance.</summary>
internal sealed class SubjectTurn(string subject)
{
    public string Subject { get; } = subject;

    /// <summary>More was said while it ran.</summary>
    public bool Again { get; set; }

    /// <summary>Until when no other instance sends this subject's events; the default means that it must be asked.</summary>
    public DateTimeOffset HeldUntil { get; set; }

    public Task Running { get; set; } = Task.CompletedTask;
}
