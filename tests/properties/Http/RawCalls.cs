using System.Text;
using FsCheck;
using FsCheck.Fluent;
using HmsMesh.Properties.Tests.Support;

namespace HmsMesh.Properties.Tests.Http;

/// <summary>Random calls, most of them broken in some way.</summary>
internal static class RawCalls
{
    private static readonly Gen<string> Methods = Gen.Frequency(
        (6, Gen.Elements("GET", "POST", "PUT", "DELETE")),
        (2, Gen.Elements("HEAD", "OPTIONS", "TRACE", "CONNECT", "PATCH", "get", "PRI", "GE T", "", "G\0T", new string('M', 3_000))));

    private static readonly Gen<string> Paths = Gen.Frequency(
        (6, from start in Gen.Elements("/v1.0/publish/pubsub/orders", "/v1.0/publish/bulk/pubsub/orders", "/v1.0-alpha1/publish/bulk/pubsub/orders", "/v1.0/state/store", "/v1.0/state/store/key",
                "/v1.0/state/store/bulk", "/v1.0/state/store/transaction", "/v1.0-alpha1/state/store/query", "/v1.0/metadata", "/v1.0/metadata/a", "/v1.0/healthz", "/v1.0/secrets/s/k",
                "/v1.0/invoke/other/method/a/b", "/v1.0/invoke/http:%2F%2Flocalhost:1/method/x", "/", "/nowhere")
            from end in Gen.Frequency((4, Gen.Constant("")), (3, Gen.Elements("/%00", "/%2e%2e/%2e%2e", "/..%2f..", "//", "?metadata.ttlInSeconds=x", "?metadata.rawPayload=maybe", "?metadata.a=%zz",
                "?consistency=odd&concurrency=odd", "/%ff%fe", "/é", "?" + new string('q', 9_000), "#x", "\0", "/a b", "?a&&=&metadata.=1", "/%F0%9F%98%80", "/" + new string('p', 20_000))))
            select start + end),
        (1, Texts.Strange.Select(static one => "/" + one)),
        (1, Gen.Elements("*", "http://127.0.0.1/v1.0/healthz", "http://[::1", "relative", "/%", "/%%%")));

    private static readonly Gen<string> Header = Gen.Frequency(
        (4, Gen.Elements("Content-Type: application/json", "Content-Type: application/cloudevents+json", "Content-Type: \0", "Content-Type: text/plain; charset=nonsense",
            "traceparent: 00-zz", "tracestate: ,,,=,", "dapr-api-token: x", "Expect: 100-continue", "Expect: 200", "Upgrade: h2c", "Connection: close", "Accept-Encoding: odd",
            "metadata.ttlInSeconds: 1", "if-match: \"", "Host: b", "Host: a b", "Content-Encoding: gzip", "baggage: a=b;;;")),
        (1, Gen.Elements(" folded: x", ": nameless", "no colon", "bad\0name: x", "a: \r b", "a : b", "ä: ö", "X: " + new string('h', 20_000))),
        (1, Gen.Choose(1, 400).Select(static count => string.Join("\r\n", Enumerable.Range(0, count).Select(static one => $"h{one}: {one}")))));

    private static readonly Gen<byte[]> Bodies = Gen.Frequency(
        (5, Texts.Mutated(JsonTexts.Value(3, "id", "data", "key", "value", "etag", "metadata", "options", "concurrency", "operations", "operation", "request", "upsert", "delete", "keys",
            "entryId", "event", "contentType", "filter", "sort", "page", "limit", "parallelism"))),
        (3, Texts.Mutated(JsonTexts.Object(2, "key", "value", "etag", "metadata", "options", "entryId", "event", "contentType").ListOf(2).Select(static items => $"[{string.Join(',', items)}]"))),
        (1, Texts.Noise));

    /// <summary>How a body is announced, and what is sent of it.</summary>
    private static readonly Gen<Func<byte[], (string Header, byte[] Sent)>> Framings = Gen.Elements<Func<byte[], (string, byte[])>>(
        static body => ($"Content-Length: {body.Length}", body),
        static body => ($"Content-Length: {body.Length}", body),
        static body => ($"Content-Length: {body.Length}", body),
        static body => ("Transfer-Encoding: chunked", [.. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8]),
        static body => ($"Content-Length: {body.Length + 10}", body),
        static body => ($"Content-Length: {body.Length / 2}", body),
        static body => ("Content-Length: -1", body),
        static body => ("Content-Length: 99999999999999999999", body),
        static body => ("Content-Length: 999999999", body),
        static body => ("Content-Length: 1\r\nContent-Length: 2", body),
        static body => ("Content-Length: 3\r\nTransfer-Encoding: chunked", body),
        static body => ("Transfer-Encoding: chunked", [.. "zz\r\n"u8, .. body]),
        static body => ("Transfer-Encoding: chunked", [.. "ffffffffffffffff\r\n"u8, .. body]),
        static body => ("Transfer-Encoding: chunked", [.. Encoding.ASCII.GetBytes($"{body.Length + 5:x}\r\n"), .. body]),
        static body => ("Transfer-Encoding: gzip, odd", body),
        static body => ("X: y", body));

    public static Gen<RawCall> All { get; } = Gen.Frequency(
        (12, from method in Methods
             from path in Paths
             from version in Gen.Frequency((12, Gen.Constant("HTTP/1.1")), (1, Gen.Elements("HTTP/1.0", "HTTP/9.9", "HTP/1.1", "", "http/1.1")))
             from headers in Header.ListOf(2)
             from body in Bodies
             from framing in Framings
             from host in Gen.Frequency((12, Gen.Constant("Host: a\r\n")), (1, Gen.Constant("")))
             from end in Gen.Frequency((10, Gen.Constant("\r\n\r\n")), (1, Gen.Elements("\n\n", "\r\n", "\r\r", "")))
             from cut in Gen.Choose(0, 40)
             from closes in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
             select Write($"{method} {path} {version}\r\n{host}{string.Join("\r\n", headers.Append(framing(body).Header))}{end}", framing(body).Sent, cut, closes)),
        (1, Texts.Noise.Select(static noise => new RawCall([noise], true))),
        (1, Gen.Choose(1, 200_000).Select(static count => new RawCall([Enumerable.Repeat((byte)'A', count).ToArray()], true))));

    private static RawCall Write(string head, byte[] body, int cut, bool closes)
    {
        byte[] all = [.. Encoding.UTF8.GetBytes(head), .. body];
        return cut switch
        {
            // In the middle of something, at two places.
            0 => new RawCall([all[..(all.Length / 2)]], closes),
            1 => new RawCall([all[..^Math.Min(1, all.Length)]], closes),
            2 or 3 => new RawCall([all[..(all.Length / 3)], all[(all.Length / 3)..]], closes),
            _ => new RawCall([all], closes),
        };
    }
}
