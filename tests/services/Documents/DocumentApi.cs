using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Documents;

/// <summary>Documents as the gateway calls it for a citizen.</summary>
public abstract class DocumentApi(DocumentsMesh documents)
{
    private const int MostBytes = 10 << 20;
    private readonly string _citizen = NewCitizen();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("pdf", "application/pdf", "document.pdf")]
    [InlineData("png", "image/png", "document.png")]
    [InlineData("jpeg", "image/jpeg", "document.jpg")]
    public async Task Store_OfAWholeFile_IsSaidAndGivenBackAsItWas(string name, string type, string fileName)
    {
        var file = name == "pdf" ? Samples.Pdf : name == "png" ? Samples.Png : Samples.Jpeg;
        using var answer = await documents.PostAsync(_citizen, file, type);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var stored = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        var url = stored.GetProperty("url").GetString()!;
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(file));

        using var got = await documents.GetAsync(_citizen, url);

        url.ShouldMatch("^/api/documents/[0-9a-f]{32}$");
        answer.Headers.Location!.OriginalString.ShouldBe(url);
        stored.GetProperty("sha256").GetString().ShouldBe(sha256);
        stored.GetProperty("bytes").GetInt64().ShouldBe(file.Length);
        stored.GetProperty("contentType").GetString().ShouldBe(type);
        (await got.Content.ReadAsByteArrayAsync(Ct)).ShouldBe(file);
        got.Content.Headers.ContentType!.ToString().ShouldBe(type);
        got.Content.Headers.ContentLength.ShouldBe(file.Length);
        got.Content.Headers.ContentDisposition!.ToString().ShouldBe($"attachment; filename={fileName}");
        got.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        got.Headers.CacheControl!.ToString().ShouldBe("no-store, private");
        got.Headers.ETag!.Tag.ShouldBe($"\"{sha256}\"");
        got.Headers.GetValues("Content-Digest").ShouldBe([$"sha-256=:{Convert.ToBase64String(SHA256.HashData(file))}:"]);
        var said = await SaidAsync(url);
        said.Subject.ShouldBe(url.Split('/')[^1]);
        said.Data.GetRawText().ShouldBe(
            $$"""{"documentId":"{{said.Subject}}","url":"{{url}}","sha256":"{{sha256}}","bytes":{{file.Length}},"contentType":"{{type}}","citizen":"{{_citizen}}"}""");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/octet-stream")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("image/jpg")]
    [InlineData("IMAGE/JPEG; charset=binary")]
    public async Task Store_UnderANameThatFits_GoesByTheContent(string? type) =>
        (await documents.StoreAsync(_citizen, Samples.Jpeg, type)).GetProperty("contentType").GetString().ShouldBe("image/jpeg");

    [Theory]
    [InlineData("empty", "application/pdf", 422, "file is empty")]
    [InlineData("text", "application/pdf", 415, "no PDF, PNG or JPEG")]
    [InlineData("text", "text/plain", 415, "no PDF, PNG or JPEG")]
    [InlineData("text", null, 415, "no PDF, PNG or JPEG")]
    [InlineData("png", "application/pdf", 415, "not of the kind")]
    [InlineData("png", "image/jpeg", 415, "not of the kind")]
    [InlineData("png", "multipart/form-data; boundary=x", 415, "no PDF, PNG or JPEG")]
    [InlineData("png", "nonsense", 415, "no PDF, PNG or JPEG")]
    [InlineData("half a png", "image/png", 422, "damaged")]
    [InlineData("half a jpeg", "image/jpeg", 422, "damaged")]
    [InlineData("half a pdf", "application/pdf", 422, "damaged")]
    public async Task Store_OfWhatIsNotWhatItSays_IsRefusedAndNotKept(string name, string? type, int status, string words)
    {
        var file = name switch
        {
            "empty" => [],
            "text" => Encoding.UTF8.GetBytes("Dear Sir or Madam, I was laid off."),
            "png" => Samples.Png,
            "half a png" => Samples.Png[..^20],
            "half a jpeg" => Samples.Jpeg[..^2],
            _ => Samples.Pdf[..^100],
        };
        var files = documents.Files;

        using var answer = await documents.PostAsync(_citizen, file, type);
        using var spanish = await documents.PostAsync(_citizen, file, type, change: r => r.Headers.AcceptLanguage.ParseAdd("es-MX,es;q=0.9,en;q=0.1"));

        await ProblemAsync(answer, status, words);
        var problem = await spanish.Content.ReadFromJsonAsync<JsonElement>(Ct);
        problem.GetProperty("title").GetString().ShouldBe("No se aceptó el documento");
        problem.GetProperty("errors").GetProperty("document")[0].GetString().ShouldBe(problem.GetProperty("detail").GetString());
        documents.Files.ShouldBe(files, ignoreOrder: true);
        documents.Mesh.Sayings.ShouldAllBe(s => !s.Data.GetRawText().Contains(_citizen));
    }

    [Fact]
    public async Task Store_OfTenMegabytes_PassesAndOfOneMoreByteDoesNot()
    {
        var most = Samples.PngOf(MostBytes);
        var files = documents.Files.Count;
        using var chunks = new StreamContent(new MemoryStream([.. most, 0]));
        chunks.Headers.ContentLength = null;

        var stored = await documents.StoreAsync(_citizen, most);
        using var got = await documents.GetAsync(_citizen, stored.GetProperty("url").GetString()!);
        using var declared = await documents.PostAsync(_citizen, [.. most, 0], "image/png", change: r => r.Headers.ExpectContinue = true);
        using var streamed = await documents.PostAsync(_citizen, chunks, change: r => r.Headers.TransferEncodingChunked = true);

        (await got.Content.ReadAsByteArrayAsync(Ct)).AsSpan().SequenceEqual(most).ShouldBeTrue();
        await ProblemAsync(declared, 413, "larger than 10 MB");
        await ProblemAsync(streamed, 413, "larger than 10 MB");
        documents.Files.Count.ShouldBe(files + 1);
    }

    [Theory]
    [InlineData("Content-Digest", "sha-256=:{0}:", 201)]
    [InlineData("Repr-Digest", "sha-512=:AAAA:, sha-256=:{0}:", 201)]
    [InlineData("Digest", "SHA-256={0}", 201)]
    [InlineData("Digest", "md5=AAAA", 201)]
    [InlineData("Content-Digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:", 422)]
    [InlineData("Digest", "sha-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", 422)]
    [InlineData("Content-Digest", "sha-256=:{0}:, sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:", 400)]
    [InlineData("Content-Digest", "sha-256={0}", 400)]
    [InlineData("Content-Digest", "sha-256=:AAAA:", 400)]
    [InlineData("Content-Digest", "sha-256", 400)]
    public async Task Store_WithADigest_IsCheckedByIt(string header, string value, int status)
    {
        value = value.Replace("{0}", Convert.ToBase64String(SHA256.HashData(Samples.Pdf)), StringComparison.Ordinal);

        using var answer = await documents.PostAsync(_citizen, Samples.Pdf, "application/pdf", change: r => r.Headers.TryAddWithoutValidation(header, value));

        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task Store_Encoded_IsRefused()
    {
        using var body = DocumentsMesh.Body(Samples.Pdf, "application/pdf");
        body.Headers.ContentEncoding.Add("gzip");
        using var answer = await documents.PostAsync(_citizen, body);

        await ProblemAsync(answer, 415, "Content-Encoding", hasErrors: false);
    }

    [Fact]
    public async Task Store_UnderOneKey_IsOneDocumentAndOneAnswer()
    {
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => documents.PostAsync(_citizen, Samples.Pdf, "application/pdf", key)));
        var texts = await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync(Ct)));
        using var other = await documents.PostAsync(_citizen, Samples.Png, "image/png", key);
        using var stranger = await documents.PostAsync(NewCitizen(), Samples.Pdf, "application/pdf", key);

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Created);
        texts.Distinct().Count().ShouldBe(1);
        var url = JsonElement.Parse(texts[0]).GetProperty("url").GetString()!;
        await ProblemAsync(other, 422, "Idempotency-Key", hasErrors: false);
        stranger.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await stranger.Content.ReadAsStringAsync(Ct)).ShouldNotBe(texts[0]);
        await SaidAsync(url);
        documents.Mesh.Sayings.Count(s => s.Data.GetRawText().Contains(_citizen)).ShouldBe(1);
        documents.Files.ShouldContain(url.Split('/')[^1]);
        foreach (var answer in answers)
            answer.Dispose();
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("")]
    [InlineData("long")]
    public async Task Store_UnderAKeyThatIsNone_IsRefused(string key)
    {
        using var answer = await documents.PostAsync(_citizen, Samples.Pdf, "application/pdf", key == "long" ? new string('k', 201) : key);

        await ProblemAsync(answer, 400, "Idempotency-Key", hasErrors: false);
    }

    [Fact]
    public async Task Store_OfMoreThanOneCitizenMay_IsRefusedEvenAtOnce()
    {
        var files = documents.Files.Count;
        using var first = await documents.PostAsync(_citizen, Samples.Pdf, "application/pdf", "first");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => documents.PostAsync(_citizen, Samples.Png, "image/png")));
        using var again = await documents.PostAsync(_citizen, Samples.Pdf, "application/pdf", "first");

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(DocumentsMesh.Most - 1);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
            await ProblemAsync(refused, 409, "as many documents", hasErrors: false);
        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await again.Content.ReadAsStringAsync(Ct)).ShouldBe(await first.Content.ReadAsStringAsync(Ct));
        documents.Files.Count.ShouldBe(files + DocumentsMesh.Most);
        foreach (var answer in answers)
            answer.Dispose();
    }

    [Fact]
    public async Task Get_OfAnothersDocument_IsNotThere()
    {
        var url = (await documents.StoreAsync(_citizen, Samples.Pdf)).GetProperty("url").GetString()!;

        using var other = await documents.GetAsync(NewCitizen(), url);
        using var none = await documents.GetAsync(_citizen, "/documents/00000000000000000000000000000000");
        using var path = await documents.GetAsync(_citizen, "/documents/..%2Fdocuments.db");

        await ProblemAsync(other, 404, "no document", hasErrors: false);
        (await other.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("detail").GetString()
            .ShouldBe((await none.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("detail").GetString());
        path.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Get_OfWhatTheCallerHas_IsNotModified()
    {
        var stored = await documents.StoreAsync(_citizen, Samples.Pdf);
        var tag = $"\"{stored.GetProperty("sha256").GetString()}\"";

        using var same = await documents.GetAsync(_citizen, stored.GetProperty("url").GetString()!, r => r.Headers.IfNoneMatch.ParseAdd(tag));
        using var other = await documents.GetAsync(_citizen, stored.GetProperty("url").GetString()!, r => r.Headers.IfNoneMatch.ParseAdd("\"other\""));

        same.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Call_WithoutAToken_OrWithoutTheScope_IsRefused()
    {
        using var client = documents.Mesh.Client("documents");
        using var none = await client.PostAsync("/documents", DocumentsMesh.Body(Samples.Pdf, "application/pdf"), Ct);
        using var post = new HttpRequestMessage(HttpMethod.Post, "/documents") { Content = DocumentsMesh.Body(Samples.Pdf, "application/pdf") };
        using var get = new HttpRequestMessage(HttpMethod.Get, "/documents/00000000000000000000000000000000");
        using var reader = await documents.SendAsync(post, _citizen, "documents.read");
        using var writer = await documents.SendAsync(get, _citizen, "documents.write");

        none.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        reader.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        writer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static string NewCitizen() => $"cit-{Guid.NewGuid():N}";

    private static async Task ProblemAsync(HttpResponseMessage answer, int status, string words, bool hasErrors = true)
    {
        var text = await answer.Content.ReadAsStringAsync(Ct);
        ((int)answer.StatusCode).ShouldBe(status, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = JsonElement.Parse(text);
        problem.GetProperty("detail").GetString()!.ShouldContain(words);
        problem.TryGetProperty("errors", out _).ShouldBe(hasErrors);
    }

    private async Task<HmsMesh.Contracts.CloudEvent> SaidAsync(string url)
    {
        HmsMesh.Contracts.CloudEvent? said = null;
        await Eventually.BeAsync(
            () => Task.FromResult((said = documents.Mesh.Sayings.FirstOrDefault(s => s.Topic == "document.stored" && s.Data.GetProperty("url").GetString() == url)) is not null),
            $"document.stored of {url}");
        return said!;
    }
}
