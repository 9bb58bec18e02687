using System.Globalization;

namespace HmsMesh.Cli.Supervision;

/// <summary>Addresses that name an app's port of `dapr run`, and the ports that `mesh up` gives those apps instead.</summary>
internal sealed class AddressBook(IReadOnlyDictionary<int, int> ports)
{
    private const string Host = "http://127.0.0.1:";

    public static AddressBook Empty { get; } = new(new Dictionary<int, int>());

    /// <summary>The variable by which a sidecar is told: pairs of ports, as in 6009=29451.</summary>
    public const string Variable = "MESH_PORTS";

    public string Text => string.Join(',', ports.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}")));

    /// <summary>The text with each such address replaced.</summary>
    public string Translate(string text)
    {
        for (var at = text.IndexOf(Host, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Host, at + Host.Length, StringComparison.Ordinal))
        {
            var begin = at + Host.Length;
            var end = begin;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;
            if (int.TryParse(text.AsSpan(begin, end - begin), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && ports.TryGetValue(port, out var given))
                text = string.Concat(text.AsSpan(0, begin), given.ToString(CultureInfo.InvariantCulture), text.AsSpan(end));
        }

        return text;
    }
}
