using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace HmsMesh.Auth;

/// <summary>The parameters of a request: each once, none empty, none too long (RFC 6749, 3.1 and 3.2).</summary>
internal sealed class Parameters
{
    public const int LongestValue = 2048;
    public const int LongestToken = 8192;
    private const int MostValues = 40;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>The values of a query.</summary>
    public static (Parameters? Read, OAuthError? Error) Of(IEnumerable<KeyValuePair<string, StringValues>> values)
    {
        var read = new Parameters();
        foreach (var (name, value) in values)
        {
            if (value.Count > 1)
                return (null, new OAuthError("invalid_request", "A parameter is there twice."));
            if (read._values.Count >= MostValues)
                return (null, new OAuthError("invalid_request", "There are too many parameters."));
            var longest = name is "subject_token" or "token" or "id_token_hint" or "request" ? LongestToken : LongestValue;
            if (value.ToString() is not { Length: > 0 } text)
                continue;
            if (text.Length > longest)
                return (null, new OAuthError("invalid_request", "A parameter is too long."));
            read._values[name] = text;
        }

        return (read, null);
    }

    /// <summary>The fields of a form.</summary>
    public static async Task<(Parameters? Read, OAuthError? Error)> OfFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
            return (null, new OAuthError("invalid_request", "The body must be application/x-www-form-urlencoded."));
        if (request.ContentLength > 1 << 15)
            return (null, new OAuthError("invalid_request", "The body is too large.", StatusCodes.Status413PayloadTooLarge));
        try
        {
            var options = new FormOptions { ValueCountLimit = MostValues, KeyLengthLimit = 64, ValueLengthLimit = LongestToken };
            return Of(await request.ReadFormAsync(options, cancellationToken));
        }
        catch (InvalidDataException)
        {
            return (null, new OAuthError("invalid_request", "The form has too many fields, or one that is too long."));
        }
    }

    /// <summary>A list separated by spaces.</summary>
    public IReadOnlyList<string>? List(string name) => this[name]?.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToList();
}
