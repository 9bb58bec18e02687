namespace HmsMesh.Sidecar;

/// <summary>Why a sidecar can't start: names the file, the line where there is one, and the remedy.</summary>
public class SidecarException : Exception
{
    public SidecarException(string message) : base(message)
    {
    }

    public SidecarException(string message, Exception inner) : base(message, inner)
    {
    }
}
