namespace HmsMesh.Sidecar.Resources;

/// <summary>A field of a resource file has another form than its kind takes. daprd warns of such a document and leaves it out.</summary>
internal sealed class ResourceFormException(string message) : SidecarException(message);
