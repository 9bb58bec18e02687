namespace HmsMesh.Broker;

/// <summary>What is damaged in a broker's folder, what a repair keeps, and what is lost.</summary>
/// <param name="Head">The offset that the first record after the repair gets.</param>
/// <param name="Kept">Records that stay, those of the broker itself included.</param>
/// <param name="Lost">Records that are lost, those of the broker itself included.</param>
/// <param name="Subscribers">How far each is after the repair; what they handled since is delivered again where that is not known.</param>
/// <param name="Unknown">How many subscribers are no longer known, but were: they begin anew when they are back.</param>
public sealed record RepairReport(
    string Folder, IReadOnlyList<LogDamage> Damages, long Head, long Kept, long Lost, IReadOnlyList<RepairTopic> Topics,
    IReadOnlyList<SubscriberStatus> Subscribers, int Unknown);
