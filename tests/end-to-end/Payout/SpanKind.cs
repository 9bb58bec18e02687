namespace HmsMesh.EndToEnd.Tests.Payout;

/// <summary>OTLP's kinds of spans.</summary>
internal enum SpanKind
{
    Unspecified,
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}
