using HmsMesh.Cli.Data;
using HmsMesh.Cli.Processes;
using HmsMesh.Cli.Tests.Support;

namespace HmsMesh.Cli.Tests.Processes;

public class LeftoversTests
{
    [Fact]
    public async Task AddAndRemove_WhereNothingCanBeWritten_SayItAndGoOn()
    {
        using var folder = new TempFolder();
        var data = DataFolder.At(folder.Path, folder.Path);
        data.Prepare();
        var said = new List<string>();
        var leftovers = new Leftovers(data, TimeProvider.System, said.Add);
        using var child = Child.Start(["sleep", "60"], folder.Path, new Dictionary<string, string>(), _ => { });

        // A folder in the file's place fails as a full disk does, for root too.
        Directory.CreateDirectory(data.Children + ".next");
        leftovers.Add(child, "staffing");
        said.ShouldHaveSingleItem().ShouldContain(data.Children);
        Directory.Delete(data.Children + ".next");

        leftovers.Remove(child);
        said.Count.ShouldBe(1);
        (await File.ReadAllTextAsync(data.Children, TestContext.Current.CancellationToken)).ShouldBe("[]");
        child.Kill();
        await child.Ended.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }
}
