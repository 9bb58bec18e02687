using System.Text.RegularExpressions;

namespace HmsMesh.Cli.Generate.Model;

/// <summary>What a service's `x-dapr` says besides its ports: how it is started, what it finds, whom it calls.</summary>
internal sealed partial class DaprSettings
{
    private static readonly string[] Known = ["appPort", "daprHTTPPort", "env", "command", "secrets", "calls", "outside"];
    private readonly Dictionary<string, string> _environment = [];
    private readonly List<string> _command;
    private readonly List<string> _secrets;
    private readonly List<string> _calls;
    private readonly bool _outside;

    public DaprSettings(Source? settings, IEnumerable<Source> services, ICollection<Problem> problems)
    {
        foreach (var (key, value) in settings?.Entries ?? [])
        {
            if (!Known.Contains(key))
                problems.Add(value.Fault($"x-dapr knows no '{key}'{Suggestion.For(key, Known)}", $"it knows {string.Join(", ", Known)}"));
        }

        foreach (var (name, value) in settings?["env"]?.Entries ?? [])
        {
            if (!VariableName().IsMatch(name) || value.Text is not { } text)
                problems.Add(value.Fault($"'{name}' in x-dapr.env is no variable with a text", "write letters, digits and _ for the name, and a text for the value"));
            else
                _environment[name] = text;
        }

        _command = Texts(settings?["command"], "a word of a command", problems);
        _secrets = Texts(settings?["secrets"], "a secret's name", problems);
        _calls = Texts(settings?["calls"], "an app id", problems);
        var apps = services.Select(one => one.File.Split('/')[1]).ToHashSet(StringComparer.Ordinal);
        foreach (var unknown in (settings?["calls"]?.Items ?? []).Where(one => one.Text is { } app && !apps.Contains(app)))
            problems.Add(unknown.Fault($"x-dapr.calls names '{unknown.Text}', which is no service", $"there are {string.Join(", ", apps.Order())}"));
        var outside = settings?["outside"];
        if (outside is not null && outside.Text is not ("true" or "false"))
            problems.Add(outside.Fault("x-dapr.outside is neither true nor false", "write 'outside: true' for one that is called by its address"));
        _outside = outside?.Text == "true";
    }

    public ServiceModel Of(ServiceModel service) => service with
    {
        Environment = _environment,
        Command = _command.Count > 0 ? _command : service.Command,
        Secrets = _secrets,
        Calls = _calls,
        IsOutside = _outside,
    };

    private static List<string> Texts(Source? list, string what, ICollection<Problem> problems)
    {
        if (list is { IsList: false })
            problems.Add(list.Fault("is no list", $"write {what} in each line, after a dash"));
        var texts = new List<string>();
        foreach (var item in list?.Items ?? [])
        {
            if (item.Text is { Length: > 0 } text)
                texts.Add(text);
            else
                problems.Add(item.Fault($"is no text, but should be {what}", "write it as text"));
        }

        return texts;
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex VariableName();
}
