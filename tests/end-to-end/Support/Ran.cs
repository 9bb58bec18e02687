namespace HmsMesh.EndToEnd.Tests.Support;

internal sealed record Ran(int Code, string Out, string Error);
