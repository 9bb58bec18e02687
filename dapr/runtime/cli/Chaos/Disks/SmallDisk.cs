using System.Diagnostics;
using HmsMesh.Broker.Native;
using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Cli.Chaos.Disks;

/// <summary>A disk of a few megabytes: a tmpfs where one may be mounted, else a limit between the broker and the real disk.</summary>
internal sealed class SmallDisk : IDiskWitness, IDisposable
{
    private const int NoSpace = 28;
    private readonly Lock _gate = new();
    private readonly Dictionary<SafeFileHandle, string> _open = [];
    private readonly Dictionary<string, long> _lengths = new(StringComparer.Ordinal);
    private readonly int _size;
    private readonly bool _mounted;
    private int _reserved;

    private SmallDisk(string folder, int size, bool mounted) => (Folder, _size, _mounted) = (folder, size, mounted);

    public string Folder { get; }

    public string Kind => _mounted ? "a tmpfs" : "a limit on the broker's writes";

    public static SmallDisk Make(string folder, int size)
    {
        Directory.CreateDirectory(folder);
        var mounted = OperatingSystem.IsLinux() && Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder) == 0;
        var disk = new SmallDisk(folder, size, mounted);
        if (!mounted)
        {
            Disk.Witness = disk;
        }

        return disk;
    }

    /// <summary>Takes so many bytes of the room away, as another program's files would.</summary>
    public void Take(int bytes)
    {
        lock (_gate)
        {
            _reserved = bytes;
        }

        if (!_mounted)
        {
            return;
        }

        try
        {
            File.WriteAllBytes(Path.Combine(Folder, "ballast"), new byte[bytes]);
        }
        catch (IOException)
        {
            // It is full already.
        }
    }

    public void GiveBack()
    {
        lock (_gate)
        {
            _reserved = 0;
        }

        if (_mounted)
        {
            File.Delete(Path.Combine(Folder, "ballast"));
        }
    }

    public void Opened(SafeFileHandle handle, string path, bool created)
    {
        lock (_gate)
        {
            _open[handle] = path;
            _lengths[path] = created ? 0 : RandomAccess.GetLength(handle);
        }
    }

    public void Writing(SafeFileHandle handle, long position, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(handle, out var path))
            {
                return;
            }

            var length = Math.Max(_lengths.GetValueOrDefault(path), position + bytes.Length);
            if (_lengths.Values.Sum() - _lengths.GetValueOrDefault(path) + length + _reserved > _size)
            {
                throw new IOException("No space left on device (the limit of 'mesh chaos disk')", NoSpace);
            }

            _lengths[path] = length;
        }
    }

    public void Resizing(SafeFileHandle handle, long length)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(handle, out var path))
            {
                _lengths[path] = length;
            }
        }
    }

    public void Syncing(SafeFileHandle handle)
    {
        // A sync takes no room.
    }

    public void Synced(SafeFileHandle handle)
    {
        // A sync takes no room.
    }

    public void Moving(string from, string to)
    {
        lock (_gate)
        {
            if (!_lengths.Remove(from, out var length))
            {
                return;
            }

            _lengths[to] = length;
            foreach (var handle in _open.Where(one => one.Value == from).Select(static one => one.Key).ToList())
            {
                _open[handle] = to;
            }
        }
    }

    public void Deleting(string path)
    {
        lock (_gate)
        {
            _lengths.Remove(path);
        }
    }

    public void SyncedDirectory(string path)
    {
        // A sync takes no room.
    }

    public void Dispose()
    {
        if (_mounted)
        {
            Run("umount", "--lazy", Folder);
        }
        else
        {
            Disk.Witness = null;
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
