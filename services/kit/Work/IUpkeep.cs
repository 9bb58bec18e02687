namespace HmsMesh.Kit;

/// <summary>What a service does by itself now and then, such as taking away what is of no use any more: registered in DI, run once
/// the service has started and every ten minutes from there. What it throws is logged; the next turn comes all the same.</summary>
public interface IUpkeep
{
    Task RunAsync(CancellationToken cancellationToken);
}
