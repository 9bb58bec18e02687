namespace HmsMesh.Sidecar.Invocation.Names;

/// <summary>Who has a name.</summary>
internal interface INameBook : IAsyncDisposable
{
    /// <summary>The app behind this sidecar can be called from now on. Doesn't wait until others know.</summary>
    void Register();

    /// <summary>Nobody new is to come. Ends by itself where the names can't be reached.</summary>
    Task DeregisterAsync(CancellationToken cancellationToken);

    /// <summary>The instances of an app; none where nobody has the name. Throws <see cref="SidecarException"/> where the names can't be read.</summary>
    /// <param name="again">What was known of the name led nowhere: look again.</param>
    ValueTask<InstanceSet> FindAsync(string appId, string space, bool again, CancellationToken cancellationToken);
}
