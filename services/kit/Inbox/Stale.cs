using HmsMesh.Contracts;

namespace HmsMesh.Kit;

/// <summary>Tells events that come late from newer ones, by the last sequence of each key of a state.</summary>
internal sealed class Stale
{
    public Task<bool> IsNewerAsync(WorkContext context, CloudEvent cloudEvent, string state, string key, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
