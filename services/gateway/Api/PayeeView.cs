namespace HmsMesh.Gateway.Api;

/// <summary>What is shown of a payee.</summary>
internal sealed record PayeeView(string Routing, string AccountEnding, string Kind);
