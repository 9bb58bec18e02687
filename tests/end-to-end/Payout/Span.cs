using Google.Protobuf;

namespace HmsMesh.EndToEnd.Tests.Payout;

/// <summary>What a test needs of a span in OTLP's protobuf (opentelemetry-proto, trace.proto).</summary>
internal sealed record Span(string Service, string TraceId, string Id, string? ParentId, string Name, SpanKind Kind)
{
    /// <summary>The spans of an ExportTraceServiceRequest.</summary>
    public static IEnumerable<Span> Read(byte[] request)
    {
        var spans = new List<Span>();
        Fields(new CodedInputStream(request), (1, one => ReadResource(one, spans)));
        return spans;
    }

    private static void ReadResource(CodedInputStream input, List<Span> spans)
    {
        var service = "";
        var found = new List<Span>();
        Fields(
            input,
            (1, resource => Fields(resource, (1, attribute => service = ServiceName(attribute) ?? service))),
            (2, scope => Fields(scope, (2, span => found.Add(ReadSpan(span))))));
        spans.AddRange(found.Select(span => span with { Service = service }));
    }

    private static string? ServiceName(CodedInputStream attribute)
    {
        var (key, value) = ("", "");
        Fields(attribute, text: (1, k => key = k), (2, any => Fields(any, text: (1, v => value = v))));
        return key == "service.name" ? value : null;
    }

    private static Span ReadSpan(CodedInputStream input)
    {
        var span = new Span("", "", "", null, "", SpanKind.Unspecified);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1:
                    span = span with { TraceId = Convert.ToHexStringLower(input.ReadBytes().Span) };
                    break;
                case 2:
                    span = span with { Id = Convert.ToHexStringLower(input.ReadBytes().Span) };
                    break;
                case 4:
                    span = span with { ParentId = input.ReadBytes() is { Length: > 0 } parent ? Convert.ToHexStringLower(parent.Span) : null };
                    break;
                case 5:
                    span = span with { Name = input.ReadString() };
                    break;
                case 6:
                    span = span with { Kind = (SpanKind)input.ReadEnum() };
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        return span;
    }

    private static void Fields(CodedInputStream input, params (int Number, Action<CodedInputStream> Read)[] known) =>
        Fields(input, (0, NoText), known);

    private static void NoText(string text)
    {
        // No field has the number 0.
    }

    private static void Fields(CodedInputStream input, (int Number, Action<string> Read) text, params (int Number, Action<CodedInputStream> Read)[] known)
    {
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            var number = WireFormat.GetTagFieldNumber(tag);
            if (WireFormat.GetTagWireType(tag) != WireFormat.WireType.LengthDelimited)
                input.SkipLastField();
            else if (number == text.Number)
                text.Read(input.ReadString());
            else if (known.FirstOrDefault(one => one.Number == number).Read is { } read)
                read(input.ReadBytes().CreateCodedInput());
            else
                input.SkipLastField();
        }
    }
}
