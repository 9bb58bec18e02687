namespace HmsMesh.Cli.New;

/// <param name="Type">The record's name.</param>
/// <param name="Owner">The service that says it.</param>
/// <param name="Channel">Its channel's name in the owner's asyncapi.yaml, as a step of a JSON pointer.</param>
/// <param name="Fields">The record's fields, as C# writes parameters.</param>
/// <param name="Example">The first example of its contract.</param>
internal sealed record NewEvent(string Topic, string Type, string Owner, string Channel, IReadOnlyList<string> Fields, string Example);
