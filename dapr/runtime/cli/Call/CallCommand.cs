using System.CommandLine;
using System.Text;
using HmsMesh.Cli.Control;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Call;

/// <summary>`mesh call`: an HTTP call to a service, with the token that it asks for.</summary>
internal static class CallCommand
{
    public static Command Create(MeshContext context)
    {
        var service = new Argument<string>("SERVICE") { Description = "The service's app id." };
        var method = new Argument<string>("METHOD") { Description = "GET, POST ..." };
        var path = new Argument<string>("PATH") { Description = "Such as /facilities." };
        var body = new Argument<string?>("BODY") { Description = "JSON; - reads it from stdin.", Arity = ArgumentArity.ZeroOrOne };
        var data = SharedOptions.Data();
        var command = new Command("call", "Call a service; prints the answer's body on stdout and its status on stderr. Exit code 1 from 400 on.")
        {
            service, method, path, body, data,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var text = parsed.GetValue(body);
            if (text == "-")
                text = await context.In.ReadToEndAsync(cancellationToken);
            using var mesh = new ControlClient(DataFolder.At(context.Root, parsed.GetValue(data)));
            using var request = new HttpRequestMessage(
                new HttpMethod(parsed.GetValue(method)!.ToUpperInvariant()),
                $"/call/{Uri.EscapeDataString(parsed.GetValue(service)!)}/{parsed.GetValue(path)!.TrimStart('/')}");
            if (text is not null)
                request.Content = new StringContent(text, Encoding.UTF8, "application/json");
            using var answer = await mesh.SendAsync(request, cancellationToken);
            context.Error.WriteLine($"{(int)answer.StatusCode} {answer.ReasonPhrase}".TrimEnd());
            var said = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (said.Length > 0)
                context.Out.WriteLine(said);
            return (int)answer.StatusCode < 400 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
