using System.IO.Pipelines;
using System.Net;
using System.Text.Json;
using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Documents;

/// <summary>What is on the disk, whatever happens.</summary>
public sealed class DiskTests : IAsyncLifetime
{
    private DocumentsRig _rig = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _rig = await DocumentsRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Kill_BetweenFileAndRow_LeavesNoOrphanAndLosesNothing()
    {
        var file = Samples.PngOf(200_000);
        var kept = await _rig.StoreAsync(Samples.Png);
        Task<HttpResponseMessage> lost;
        await using (await _rig.HoldDatabaseAsync())
        {
            lost = _rig.PostAsync(DocumentsMesh.Body(file, "image/png"), "again");
            await Eventually.BeAsync(
                () => Task.FromResult(_rig.Files.Any(f => f != kept && new FileInfo(Path.Combine(_rig.Folder, f)).Length == file.Length)), "the file is there");
            await _rig.Service.KillAsync();
        }

        await Should.ThrowAsync<HttpRequestException>(() => lost);
        _rig.Files.Count.ShouldBe(2);

        await _rig.Service.RestartAsync();

        await _rig.ShouldBeSweptAsync();
        _rig.Files.ShouldBe([kept]);
        (await _rig.ReadAsync(kept)).ShouldBe(Samples.Png);
        var stored = await _rig.StoreAsync(file, "again");
        (await _rig.ReadAsync(stored)).ShouldBe(file);
        (await _rig.AskAsync<string>("select subject from mesh_outbox")).ShouldBe([kept, stored], ignoreOrder: true);
        (await _rig.AskAsync<string>("select citizen from documents")).ShouldAllBe(c => c == DocumentsRig.Citizen);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Kill_AtAnyTime_LosesNothingThatWasAcknowledged()
    {
        var random = new Random(6);
        var acknowledged = new Dictionary<string, (string Id, byte[] File)>();
        for (var round = 0; round < 6; round++)
        {
            var files = Enumerable.Range(0, 12).ToDictionary(n => $"{round}-{n}", n => Samples.PngOf(300_000 + n, (byte)round));
            var sending = files.ToDictionary(f => f.Key, f => _rig.PostAsync(DocumentsMesh.Body(f.Value, "image/png"), f.Key));
            await Task.WhenAny(sending.Values);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(30)), TimeProvider.System, Ct);
            await _rig.Service.KillAsync();
            foreach (var (key, task) in sending)
            {
                if (await TryAsync(task) is { } id)
                    acknowledged[key] = (id, files[key]);
            }

            await _rig.Service.RestartAsync();
            await _rig.ShouldBeSweptAsync();
            foreach (var (key, file) in files)
            {
                // Sent once more under its key, it is the one that was acknowledged.
                var id = await _rig.StoreAsync(file, key);
                if (acknowledged.TryGetValue(key, out var before))
                    id.ShouldBe(before.Id);
                acknowledged[key] = (id, file);
            }
        }

        foreach (var (id, file) in acknowledged.Values)
            (await _rig.ReadAsync(id)).AsSpan().SequenceEqual(file).ShouldBeTrue();
        _rig.Files.Count.ShouldBe(72);
        (await _rig.AskAsync<string>("select subject from mesh_outbox where topic = 'document.stored'")).ShouldBe(acknowledged.Values.Select(a => a.Id), ignoreOrder: true);
    }

    [Fact]
    public async Task Sweep_OfAnotherInstance_LeavesWhatIsBeingSent()
    {
        var file = Samples.PngOf(100_000);
        var orphan = Path.Combine(_rig.Folder, new string('a', 32));
        var pipe = new Pipe();
        var sending = _rig.PostAsync(new StreamContent(pipe.Reader.AsStream()));
        await pipe.Writer.WriteAsync(file.AsMemory(0, 70_000), Ct);
        await Eventually.BeAsync(() => Task.FromResult(_rig.Files.Count == 1), "the file is begun");
        await File.WriteAllTextAsync(orphan, "left behind", Ct);
        await File.WriteAllTextAsync(Path.Combine(_rig.Folder, "README"), "of someone", Ct);

        var other = await _rig.AddInstanceAsync();
        await Eventually.BeAsync(() => Task.FromResult(other.Log.Contains("1 files that no document belongs to are removed", StringComparison.Ordinal)), "it has swept");
        await pipe.Writer.WriteAsync(file.AsMemory(70_000), Ct);
        await pipe.Writer.CompleteAsync();
        using var answer = await sending;

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        File.Exists(orphan).ShouldBeFalse();
        File.Exists(Path.Combine(_rig.Folder, "README")).ShouldBeTrue();
        var id = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct)).GetProperty("url").GetString()!.Split('/')[^1];
        (await _rig.ReadAsync(id, other)).ShouldBe(file);
    }

    [Fact]
    public async Task Store_ThatIsBrokenOff_LeavesNothing()
    {
        var pipe = new Pipe();
        using var giveUp = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/documents") { Content = new StreamContent(pipe.Reader.AsStream()) };
        request.Headers.Authorization = new("Bearer", _rig.Issuer.Mint("documents", "documents.write", DocumentsRig.Citizen));
        var sending = _rig.Service.Http.SendAsync(request, giveUp.Token);
        await pipe.Writer.WriteAsync(Samples.PngOf(100_000).AsMemory(0, 70_000), Ct);
        await Eventually.BeAsync(() => Task.FromResult(_rig.Files.Count == 1), "the file is begun");

        await giveUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => sending);
        await Eventually.BeAsync(() => Task.FromResult(_rig.Files.Count == 0), "the file is gone");
        await Eventually.BeAsync(() => Task.FromResult(_rig.Service.Log.Contains("it did not arrive whole", StringComparison.Ordinal)), "it is logged");
        _rig.Service.Log.ShouldNotContain("rror");
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("shorter")]
    [InlineData("gone")]
    public async Task Get_OfAFileThatIsDamaged_IsAnErrorAndNeverTheFile(string how)
    {
        var id = await _rig.StoreAsync(Samples.PngOf(200_000));
        var path = Path.Combine(_rig.Folder, id);
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (how == "gone")
        {
            File.Delete(path);
        }
        else
        {
            await using var file = File.OpenWrite(path);
            if (how == "shorter")
                file.SetLength(199_999);
            file.Position = 150_000;
            file.WriteByte(99);
        }

        using var answer = await _rig.GetAsync(id);

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        await Eventually.BeAsync(() => Task.FromResult(_rig.Service.Log.Contains($"Document {id} is damaged on disk", StringComparison.Ordinal)), "it is logged");
    }

    [Fact]
    public async Task Store_WhereTheDiskFails_IsOurFault()
    {
        Directory.Delete(_rig.Folder);

        using var answer = await _rig.PostAsync(DocumentsMesh.Body(Samples.Png, "image/png"));

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await Eventually.BeAsync(() => Task.FromResult(_rig.Service.Log.Contains("A document cannot be written to", StringComparison.Ordinal)), "it is logged");
        Directory.CreateDirectory(_rig.Folder);
        (await _rig.ReadAsync(await _rig.StoreAsync(Samples.Png))).ShouldBe(Samples.Png);
    }

    [Fact]
    public async Task Refusal_InTheLog_NamesNoName()
    {
        using var body = DocumentsMesh.Body("Dear Sir, I am Diego Quixotic, SSN 078-05-1120."u8.ToArray(), "application/pdf");
        body.Headers.TryAddWithoutValidation("Content-Disposition", "attachment; filename=\"Diego Quixotic.pdf\"");

        using var answer = await _rig.PostAsync(body);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        await Eventually.BeAsync(() => Task.FromResult(_rig.Service.Log.Contains("is refused after 47 bytes: its content is no PDF, PNG or JPEG", StringComparison.Ordinal)), "it is logged");
        foreach (var secret in (string[])["Quixotic", "078-05", ".pdf"])
            (_rig.Service.Log + await answer.Content.ReadAsStringAsync(Ct)).ShouldNotContain(secret);
    }

    private static async Task<string?> TryAsync(Task<HttpResponseMessage> sending)
    {
        try
        {
            using var answer = await sending;
            var text = await answer.Content.ReadAsStringAsync(Ct);
            return answer.StatusCode == HttpStatusCode.Created ? JsonElement.Parse(text).GetProperty("url").GetString()!.Split('/')[^1] : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
    }
}
