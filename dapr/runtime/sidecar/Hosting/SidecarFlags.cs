using System.Globalization;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar;

/// <summary>daprd's flags as options.</summary>
public static class SidecarFlags
{
    // These two are read first: what the others say depends on them, or they give way to them.
    private const string HealthFlag = "enable-app-health-check";
    private static readonly (string Old, string New)[] Replaced =
        [("dapr-http-max-request-size", "max-body-size"), ("dapr-http-read-buffer-size", "read-buffer-size")];

    /// <summary>Every flag's name.</summary>
    public static IReadOnlyCollection<string> Names => FlagTable.All.Keys;

    /// <summary>Reads daprd's flags (all of them are known; those without meaning here go to <see cref="SidecarOptions.Ignored"/>)
    /// and the environment. Throws <see cref="SidecarException"/> for an unknown flag or a value of the wrong form.</summary>
    public static SidecarOptions Parse(IReadOnlyList<string> args, IReadOnlyDictionary<string, string> environment)
    {
        var given = Read(args);
        var options = FromEnvironment(environment);
        foreach (var (flag, value) in given.OrderBy(static flag => flag.Definition.Name == HealthFlag ? 0 : 1))
        {
            if (!Replaced.Any(pair => pair.Old == flag.Name && given.Any(other => other.Definition.Name == pair.New)))
            {
                options = Apply(options, flag, value);
            }
        }

        return options.AppId.Length > 0
            ? options with { Ignored = [.. given.Where(static flag => flag.Definition.Apply is null).Select(static flag => flag.Definition.Name).Distinct()] }
            : throw new SidecarException("app-id is missing: give --app-id, the name that the app has in the mesh.");
    }

    private static SidecarOptions FromEnvironment(IReadOnlyDictionary<string, string> environment) => new()
    {
        AppId = environment.GetValueOrDefault("APP_ID", ""),
        ApiToken = NonEmpty(environment, "DAPR_API_TOKEN"),
        AppToken = NonEmpty(environment, "APP_API_TOKEN"),
        Namespace = NonEmpty(environment, "NAMESPACE"),
        Environment = environment,
    };

    private static string? NonEmpty(IReadOnlyDictionary<string, string> environment, string name) =>
        environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    private static List<(FlagDefinition Definition, string Value)> Read(IReadOnlyList<string> args)
    {
        var given = new List<(FlagDefinition, string)>();
        var at = 0;
        while (at < args.Count)
        {
            var arg = args[at++];
            if (arg.Length < 3 || arg[0] != '-')
            {
                throw new SidecarException($"'{arg}' is no flag. Flags are written --name value or --name=value.");
            }

            var text = arg.AsSpan().TrimStart('-');
            var equals = text.IndexOf('=');
            var name = (equals < 0 ? text : text[..equals]).ToString();
            if (!FlagTable.All.TryGetValue(name, out var flag))
            {
                throw new SidecarException($"unknown flag: --{name}");
            }

            if (equals >= 0)
            {
                given.Add((flag, text[(equals + 1)..].ToString()));
            }
            else if (flag.Kind == FlagKind.Flag)
            {
                given.Add((flag, "true"));
            }
            else if (at < args.Count)
            {
                given.Add((flag, args[at++]));
            }
            else
            {
                throw new SidecarException($"flag needs an argument: --{name}");
            }
        }

        return given;
    }

    private static SidecarOptions Apply(SidecarOptions options, FlagDefinition flag, string value)
    {
        try
        {
            Check(flag.Kind, value);
            return flag.Apply?.Invoke(options, value) ?? options;
        }
        catch (FormatException wrong)
        {
            throw new SidecarException($"--{flag.Name} must be {wrong.Message}, and is '{value}'.", wrong);
        }
    }

    /// <summary>A value's form counts even where the flag means nothing here, as it would stop daprd.</summary>
    private static void Check(FlagKind kind, string value)
    {
        var problem = kind switch
        {
            FlagKind.Flag when value is not ("true" or "True" or "TRUE" or "t" or "T" or "1" or "false" or "False" or "FALSE" or "f" or "F" or "0") => "true or false",
            FlagKind.Whole when !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) => "a whole number",
            FlagKind.Natural when !uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) => "a whole number of 0 or more",
            FlagKind.Duration when !GoDuration.TryParse(value, out _) => "a duration such as 5s or 200ms",
            _ => null,
        };
        if (problem is not null)
        {
            throw new FormatException(problem);
        }
    }
}
