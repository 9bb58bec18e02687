namespace HmsMesh.Gateway.Limits;

/// <summary>Counts API keys that were not known, by address: keys cannot be guessed through the door. A try is counted before the
/// issuer is asked, so that many side by side are no more than one after another, and given back where the key was known.</summary>
internal sealed class UnknownKeys(TimeProvider time)
{
    private const int Most = 20;
    private const int MostAddresses = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, (DateTimeOffset Since, int Tries)> _tries = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>False where the address has tried too many.</summary>
    public bool TryTake(string address)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (!_tries.TryGetValue(address, out var counted) || now - counted.Since >= Window)
                counted = (now, 0);
            if (counted.Tries >= Most)
                return false;
            if (_tries.Count >= MostAddresses)
                Sweep(now);
            _tries[address] = counted with { Tries = counted.Tries + 1 };
            return true;
        }
    }

    public void GiveBack(string address)
    {
        lock (_gate)
        {
            if (_tries.TryGetValue(address, out var counted) && counted.Tries > 0)
                _tries[address] = counted with { Tries = counted.Tries - 1 };
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        foreach (var (address, counted) in _tries)
        {
            if (counted.Tries == 0 || now - counted.Since >= Window)
                _tries.Remove(address);
        }

        // Still too many: no memory without end.
        if (_tries.Count >= MostAddresses)
            _tries.Clear();
    }
}
