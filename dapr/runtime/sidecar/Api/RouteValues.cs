namespace HmsMesh.Sidecar.Api;

/// <summary>The values of a route's names: three at most, so no dictionary.</summary>
internal struct RouteValues
{
    private (string Name, string Value) _first;
    private (string Name, string Value) _second;
    private (string Name, string Value) _third;

    /// <summary>As it was sent, escapes and all.</summary>
    public readonly string Raw(string name) =>
        _first.Name == name ? _first.Value
        : _second.Name == name ? _second.Value
        : _third.Name == name ? _third.Value
        : throw new ArgumentException($"The route has no {name}.", nameof(name));

    public bool TryAdd(string name, string value)
    {
        if (_first.Name is null)
        {
            _first = (name, value);
        }
        else if (_second.Name is null)
        {
            _second = (name, value);
        }
        else if (_third.Name is null)
        {
            _third = (name, value);
        }
        else
        {
            return false;
        }

        return true;
    }
}
