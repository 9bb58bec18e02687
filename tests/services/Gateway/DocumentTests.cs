using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using HmsMesh.Services.Tests.Documents;

namespace HmsMesh.Services.Tests.Gateway;

/// <summary>Documents through the door, to the real service and back.</summary>
public sealed class DocumentTests(Door door) : IClassFixture<Door>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Document_OfTenMegabytes_PassesBothWays()
    {
        var file = Samples.PngOf(10 << 20);
        using var client = door.Citizen("cit-large001");
        using var body = DocumentsMesh.Body(file, "image/png");
        var digest = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(file))}:";
        body.Headers.TryAddWithoutValidation("Content-Digest", digest);

        using var stored = await client.PostAsync("/api/documents", body, Ct);
        var text = await stored.Content.ReadAsStringAsync(Ct);
        stored.StatusCode.ShouldBe(HttpStatusCode.Created, text);
        using var got = await client.GetAsync(stored.Headers.Location, HttpCompletionOption.ResponseHeadersRead, Ct);

        stored.Headers.Location!.OriginalString.ShouldBe(JsonElement.Parse(text).GetProperty("url").GetString());
        JsonElement.Parse(text).GetProperty("bytes").GetInt64().ShouldBe(file.Length);
        (await got.Content.ReadAsByteArrayAsync(Ct)).AsSpan().SequenceEqual(file).ShouldBeTrue();
        got.Content.Headers.ContentType!.ToString().ShouldBe("image/png");
        got.Content.Headers.ContentLength.ShouldBe(file.Length);
        got.Content.Headers.ContentDisposition!.ToString().ShouldBe("attachment; filename=document.png");
        got.Headers.GetValues("Content-Digest").ShouldBe([digest]);
        got.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        got.Headers.CacheControl!.ToString().ShouldBe("no-store, private");
        got.Headers.ETag.ShouldNotBeNull();
    }

    [Fact]
    public async Task Document_OfAnother_IsNotThere()
    {
        using var client = door.Citizen("cit-owner001");
        using var other = door.Citizen("cit-other001");
        using var reader = door.Citizen("cit-owner001", "documents.read");
        using var stored = await client.PostAsync("/api/documents", DocumentsMesh.Body(Samples.Pdf, "application/pdf"), Ct);

        using var mine = await client.GetAsync(stored.Headers.Location, Ct);
        using var others = await other.GetAsync(stored.Headers.Location, Ct);
        using var forbidden = await reader.PostAsync("/api/documents", DocumentsMesh.Body(Samples.Pdf, "application/pdf"), Ct);

        (await mine.Content.ReadAsByteArrayAsync(Ct)).ShouldBe(Samples.Pdf);
        await Door.ProblemAsync(others, HttpStatusCode.NotFound);
        await Door.ProblemAsync(forbidden, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Document_ThatIsNotWhatItSays_IsRefusedInTheCitizensWords()
    {
        using var client = door.Citizen();
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("es");
        using var answer = await client.PostAsync("/api/documents", DocumentsMesh.Body("Dear Sir or Madam"u8.ToArray(), "application/pdf"), Ct);
        using var damaged = await client.PostAsync("/api/documents", DocumentsMesh.Body(Samples.Jpeg[..^2], "image/jpeg"), Ct);
        using var empty = await client.PostAsync("/api/documents", DocumentsMesh.Body([], "image/jpeg"), Ct);

        var problem = await Door.ProblemAsync(answer, HttpStatusCode.UnsupportedMediaType);
        problem.GetProperty("errors").GetProperty("document")[0].GetString()!.ShouldContain("no es un PDF");
        await Door.ProblemAsync(damaged, HttpStatusCode.UnprocessableEntity);
        await Door.ProblemAsync(empty, HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Document_OverTenMegabytes_IsTooLarge()
    {
        using var client = door.Citizen();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/documents") { Content = DocumentsMesh.Body(Samples.PngOf((10 << 20) + 1), "image/png") };
        request.Headers.ExpectContinue = true;
        using var answer = await client.SendAsync(request, Ct);

        await Door.ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Document_UnderOneKey_IsOneDocument()
    {
        using var client = door.Citizen("cit-keyed001");
        var urls = new HashSet<string>(StringComparer.Ordinal);
        for (var n = 0; n < 2; n++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/documents") { Content = DocumentsMesh.Body(Samples.PngOf(500_000), "image/png") };
            request.Headers.Add("Idempotency-Key", "one-document");
            using var answer = await client.SendAsync(request, Ct);
            answer.StatusCode.ShouldBe(HttpStatusCode.Created);
            urls.Add((await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("url").GetString()!);
        }

        urls.Count.ShouldBe(1);
    }
}
