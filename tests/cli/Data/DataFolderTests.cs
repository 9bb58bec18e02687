using HmsMesh.Cli.Data;
using HmsMesh.Cli.Tests.Support;

namespace HmsMesh.Cli.Tests.Data;

public sealed class DataFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void At_APathTooLongForASocket_SaysHowLong()
    {
        var problem = Should.Throw<MeshException>(() => DataFolder.At("/", "/tmp/" + new string('x', 100)));

        problem.Message.ShouldContain("119 bytes");
        problem.Message.ShouldContain("--data");
        problem.ExitCode.ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public void Prepare_NewFolder_IsItsOwnersAlone()
    {
        var data = Prepared();

        foreach (var folder in new[] { data.Path, data.Run, data.Tokens, data.Services })
            File.GetUnixFileMode(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Prepare_WhereAFileIs_SaysSo()
    {
        var file = _folder.Write("taken", "");

        Should.Throw<MeshException>(() => DataFolder.At("/", file).Prepare()).Message.ShouldContain(file);
    }

    [Fact]
    public void Take_WhileHeld_NamesTheHolder()
    {
        var data = Prepared();
        using (FolderLock.Take(data))
        {
            FolderLock.IsHeld(data).ShouldBeTrue();
            var problem = Should.Throw<MeshException>(() => FolderLock.Take(data));
            problem.Message.ShouldContain($"process {Environment.ProcessId}");
            problem.ExitCode.ShouldBe(ExitCode.Taken);
        }

        FolderLock.IsHeld(data).ShouldBeFalse();
        FolderLock.Take(data).Dispose();
    }

    [Fact]
    public void Tokens_AreOnePerServiceAndUse_StayAndAreTheOwnersAlone()
    {
        var data = Prepared();
        var book = new TokenBook(data);

        string[] tokens = [book.ApiToken("one"), book.AppToken("one"), book.ApiToken("two"), book.AppToken("two")];

        tokens.Distinct().Count().ShouldBe(4);
        tokens.ShouldAllBe(token => token.Length == 64);
        new TokenBook(data).AppToken("two").ShouldBe(tokens[3]);
        Directory.GetFiles(data.Tokens).ShouldAllBe(file => File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    private DataFolder Prepared()
    {
        var data = DataFolder.At("/", Path.Combine(_folder.Path, "data"));
        data.Prepare();
        return data;
    }
}
