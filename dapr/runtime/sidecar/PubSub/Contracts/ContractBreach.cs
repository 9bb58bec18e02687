namespace HmsMesh.Sidecar.PubSub.Contracts;

/// <summary>An event that breaks its topic's contract.</summary>
/// <param name="Pointer">Where, as a JSON pointer into the event's data; empty for the whole of it.</param>
/// <param name="Message">What is wrong there, and elsewhere in it.</param>
/// <param name="Unreadable">The contract is what is wrong, and not the event.</param>
internal sealed record ContractBreach(string Pointer, string Message, bool Unreadable = false);
