using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace HmsMesh.Cli.Data;

/// <summary>Which ports this clone uses: the same ones at every start as long as they are free, below 32768 where no kernel hands out
/// ports by itself.</summary>
internal sealed class PortBook
{
    public const int First = 20000;
    public const int Last = 32767;

    private const string OfSidecar = "/sidecar";

    private readonly string _file;
    private readonly SortedDictionary<string, int> _ports;
    private readonly HashSet<int> _given = [];
    private readonly Action<string> _say;
    private int _next;

    private PortBook(string file, SortedDictionary<string, int> ports, Action<string> say)
    {
        _file = file;
        _ports = ports;
        _say = say;
        _next = First + (int)(Hash(file) % (Last - First + 1));
    }

    /// <param name="say">Hears which name moved, from where to where.</param>
    public static PortBook Open(DataFolder data, Action<string> say)
    {
        SortedDictionary<string, int>? ports = null;
        try
        {
            if (File.Exists(data.Ports))
                ports = JsonSerializer.Deserialize(File.ReadAllBytes(data.Ports), DataJson.Default.SortedDictionaryStringInt32);
        }
        catch (JsonException)
        {
            // The book only remembers; a torn one is begun anew.
        }

        return new PortBook(data.Ports, ports ?? [], say);
    }

    /// <summary>A port that the user asked for: taken means an error.</summary>
    public int Ask(string name, int port)
    {
        if (!_given.Add(port) || !IsFree(port))
            throw new MeshException(
                $"port {port}, asked for {name}, is taken by another program; end that one or ask for another port.", ExitCode.Taken);
        _ports[name] = port;
        return port;
    }

    /// <summary>The port that the name had last time, or the next free one.</summary>
    public int Give(string name)
    {
        var known = _ports.TryGetValue(name, out var saved);
        if (known && !_given.Contains(saved) && IsFree(saved))
        {
            _given.Add(saved);
            return saved;
        }

        for (var tries = Last - First; tries > 0; tries--, _next++)
        {
            var port = First + ((_next - First) % (Last - First + 1));
            if (_given.Contains(port) || _ports.ContainsValue(port) || !IsFree(port))
                continue;
            _given.Add(port);
            _ports[name] = port;
            if (known)
                _say($"{saved} is taken, {Who(name)} is at {port}");
            return port;
        }

        throw new MeshException($"no port from {First} to {Last} is free.", ExitCode.Taken);
    }

    /// <summary>Whoever had the name is gone; the book goes on to remember its port.</summary>
    public void TakeBack(string name)
    {
        if (_ports.TryGetValue(name, out var port))
            _given.Remove(port);
    }

    public void Save() => AtomicFile.Write(_file, JsonSerializer.SerializeToUtf8Bytes(_ports, DataJson.Default.SortedDictionaryStringInt32));

    private static string Who(string name) => name.EndsWith(OfSidecar, StringComparison.Ordinal) ? $"the sidecar of {name[..^OfSidecar.Length]}" : name;

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // What lingers in TIME_WAIT from our own last run doesn't count as taken.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>FNV-1a: clones begin at places of their own, so they seldom meet.</summary>
    private static uint Hash(string text) => text.Aggregate(2166136261u, (hash, letter) => (hash ^ letter) * 16777619u);
}
