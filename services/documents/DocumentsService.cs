namespace HmsMesh.Documents;

/// <summary>Names this service, for a mesh inside a test.</summary>
public abstract class DocumentsService;
