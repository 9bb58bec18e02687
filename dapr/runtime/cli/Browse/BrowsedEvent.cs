using System.Text.Json;
using HmsMesh.Broker;

namespace HmsMesh.Cli.Browse;

/// <summary>An event as `mesh browse --json` prints it, one a line. Data that is no JSON comes as base64.</summary>
internal sealed record BrowsedEvent(
    long Offset, DateTimeOffset Time, string Topic, string PubSub, string? Key, string? Id, string? Source, string? Publisher, DeadLetter? DeadLetter,
    JsonElement? Data, byte[]? Bytes);
