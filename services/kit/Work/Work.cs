using System.Data.Common;
using HmsMesh.Contracts;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Kit;

/// <summary>What one transaction of the service's database may do: change rows, and say events that leave if it commits.</summary>
public class Work
{
    private readonly WorkContext _context;

    internal Work(WorkContext context) => _context = context;

    /// <summary>The connection, inside its transaction: Dapper works on it without being passed one.</summary>
    public DbConnection Db => _context.Db;

    /// <summary>The services of this piece of work.</summary>
    public IServiceProvider Services => _context.Services;

    public TimeProvider Time => _context.Time;

    public ILogger Log => _context.Log;

    internal WorkContext Context => _context;

    /// <summary>Says an event: checked against its contract now, saved with this transaction, sent at once after the commit and again
    /// until the sidecar has it. Throws <see cref="ContractException"/> before anything is saved.</summary>
    public void Say<T>(string topic, T data) => _context.Say(topic, data);

    /// <summary>What is said from here on is told as a reaction to that event, and belongs to its trace: for work that was put off when the
    /// event came.</summary>
    public void FollowsFrom(CloudEvent cause) => _context.Cause = cause;

    /// <summary>Does something after the commit, and never when there is none: to tell those who wait in this process, such as a page.</summary>
    public void AfterCommit(Action action) => _context.AfterCommit(action);
}
