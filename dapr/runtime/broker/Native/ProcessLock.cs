using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Broker.Native;

/// <summary>One process at a time: the kernel's lock on a file, which ends with its holder, with the holder's pid inside.
/// .NET's own locks can be switched off by an environment variable.</summary>
public sealed class ProcessLock : IDisposable
{
    private const int Signature = 16;
    private readonly SafeFileHandle _handle;

    private ProcessLock(SafeFileHandle handle) => _handle = handle;

    /// <summary>Takes the lock and signs it, or tells which process has it (null: it has not signed yet, or the file was just removed).</summary>
    public static ProcessLock? TryTake(string path, out int? holder)
    {
        holder = null;
        SafeFileHandle handle;
        try
        {
            handle = Open(path);
            if (!Posix.TryLock(handle))
            {
                handle.Dispose();
                holder = Holder(path);
                return null;
            }
        }
        catch (IOException e) when (e.HResult == Posix.NoEntry)
        {
            return null;
        }

        if (!File.Exists(path))
        {
            // Who removes one holds its lock, and has let go of it by now: this one is found by nobody.
            handle.Dispose();
            return null;
        }

        Sign(handle);
        return new ProcessLock(handle);
    }

    /// <summary>Whether a process holds the lock now. One that can't be looked at counts as held.</summary>
    public static bool IsHeld(string path) => !TryFree(path, removes: false);

    /// <summary>Takes away a file that no process holds; false where one does.</summary>
    public static bool TryRemove(string path) => TryFree(path, removes: true);

    /// <summary>Adds a line to the signature.</summary>
    public void Note(string line)
    {
        try
        {
            RandomAccess.Write(_handle, Encoding.ASCII.GetBytes(line + "\n"), Signature);
        }
        catch (IOException)
        {
            // As with the pid: it is only told.
        }
    }

    /// <summary>What its holder noted.</summary>
    public static string? ReadNote(string path)
    {
        using var file = Posix.Open(path, writable: false);
        Span<byte> text = stackalloc byte[64];
        var read = RandomAccess.Read(file, text, Signature);
        return read == 0 ? null : Encoding.ASCII.GetString(text[..read]).TrimEnd();
    }

    public void Dispose()
    {
        // A child that is being started has the descriptor too until it runs its program: closing alone would not free the lock.
        if (!_handle.IsClosed)
        {
            Posix.Unlock(_handle);
        }

        _handle.Dispose();
    }

    private static bool TryFree(string path, bool removes)
    {
        try
        {
            using var handle = Posix.Open(path, writable: true);
            if (!Posix.TryLock(handle))
            {
                return false;
            }

            if (removes)
            {
                File.Delete(path);
            }

            Posix.Unlock(handle);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.HResult == Posix.NoEntry;
        }
    }

    private static SafeFileHandle Open(string path)
    {
        if (!File.Exists(path))
        {
            try
            {
                File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
            }
            catch (IOException e) when (File.Exists(path) || e.HResult == Posix.WouldBlock)
            {
                // Another process made it and holds it by now, or held it and removes it; the lock itself decides.
            }
        }

        return Posix.Open(path, writable: true);
    }

    /// <summary>Writes the pid over the last holder's. The lock holds without it, so a full disk doesn't keep anything shut.</summary>
    private static void Sign(SafeFileHandle handle)
    {
        try
        {
            RandomAccess.Write(handle, Encoding.ASCII.GetBytes($"{Environment.ProcessId.ToString(CultureInfo.InvariantCulture),-15}\n"), 0);
        }
        catch (IOException)
        {
            // Who is locked out is not told by whom.
        }
    }

    /// <summary>The process that signed last.</summary>
    public static int? Holder(string path)
    {
        using var file = Posix.Open(path, writable: false);
        Span<byte> text = stackalloc byte[Signature];
        var read = RandomAccess.Read(file, text, 0);
        return int.TryParse(Encoding.ASCII.GetString(text[..read]).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
    }
}
