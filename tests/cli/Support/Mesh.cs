using HmsMesh.Cli.Tests.Generate;

namespace HmsMesh.Cli.Tests.Support;

/// <summary>Runs a command line through the real root command, on this repository and a data folder of its own.</summary>
internal sealed class Mesh : IDisposable
{
    private readonly TempFolder _data = new();

    public string Data => _data.Path;

    public string Root { get; init; } = Repository.Root;

    public string Input { get; init; } = "";

    public StringWriter Out { get; } = new();

    public StringWriter Error { get; } = new();

    public Task<int> RunAsync(params string[] args)
    {
        var context = new MeshContext { Root = Root, Out = Out, Error = Error, In = new StringReader(Input), Interactive = Input.Length > 0 };
        return HmsMesh.Cli.Commands.RunAsync([.. args, "--data", Data], context, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _data.Dispose();
}
