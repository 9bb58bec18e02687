using HmsMesh.Cli.Data;
using HmsMesh.Cli.Tests.Support;

namespace HmsMesh.Cli.Tests.Data;

public sealed class SecretBookTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DataFolder _data;
    private readonly SecretBook _book;

    public SecretBookTests()
    {
        _data = DataFolder.At(_folder.Path, Path.Combine(_folder.Path, "data"));
        _data.Prepare();
        _book = new SecretBook(_data);
    }

    [Fact]
    public void Provide_OfWhatIsMissing_MakesItAndKeepsWhatIsThere()
    {
        File.WriteAllText(_data.Secrets, """{"mine": "kept", "nested": {"a": "b"}}""");

        _book.Provide(["mine", "fresh", "other", "fresh"]);

        _book.Get("mine").ShouldBe("kept");
        _book.Get("fresh").Length.ShouldBe(43);
        _book.Get("fresh").ShouldNotBe(_book.Get("other"));
        File.ReadAllText(_data.Secrets).ShouldContain("\"a\": \"b\"");
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(_data.Secrets).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void Provide_Again_ChangesNothing()
    {
        _book.Provide(["one"]);
        var before = File.ReadAllText(_data.Secrets);

        _book.Provide(["one"]);

        File.ReadAllText(_data.Secrets).ShouldBe(before);
    }

    [Fact]
    public void Get_OfABrokenFile_NamesItAndTheLine()
    {
        File.WriteAllText(_data.Secrets, "{\n  \"a\": }");

        Should.Throw<MeshException>(() => _book.Get("a")).Message.ShouldStartWith($"{_data.Secrets}:2");
    }

    public void Dispose() => _folder.Dispose();
}
