using HmsMesh.Cli.Generate.Files;
using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.Generate.Lints;

/// <summary>The tries of an event last longer than the probe needs to find an app dead; else a crash turns events into dead letters.</summary>
internal sealed class RetryBudgetLint : ILint
{
    // daprd ends an exponential policy after a quarter of an hour, whatever tries are left.
    private static readonly TimeSpan DaprdGivesUp = TimeSpan.FromMinutes(15);

    public IEnumerable<Problem> Check(MeshModel mesh)
    {
        var (retry, source) = (mesh.Delivery.Retry, mesh.Delivery.Source.Find("/retry/maxRetries")!);
        if (retry.Shortest <= mesh.Delivery.ProbeNotice)
        {
            yield return source.Fault(
                $"all {retry.MaxRetries} retries can be over after {retry.Shortest.TotalSeconds:0.#} s, " +
                $"before a probe finds an app dead ({mesh.Delivery.ProbeNotice.TotalSeconds:0.#} s)",
                "allow more retries or longer waits, or probe more often");
        }

        if (RedisFiles.ProcessingTimeout(mesh.Delivery) > DaprdGivesUp)
        {
            yield return source.Fault(
                $"the retries can last {retry.Longest.TotalSeconds:0} s, and daprd gives up after {DaprdGivesUp.TotalSeconds:0} s",
                "allow fewer retries or shorter waits");
        }
    }
}
