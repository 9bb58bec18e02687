using Dapper;
using HmsMesh.Kit;

namespace HmsMesh.Bank.Modes;

/// <summary>Makes the bank behave as its mode says, before it answers and after it has acted.</summary>
internal sealed class Conduct(IWorkshop workshop, BankSettings settings, TimeProvider time, ILogger<Conduct> log)
{
    private BankMode? _mode;

    public async Task<BankMode> ModeAsync(CancellationToken cancellationToken)
    {
        if (_mode is { } known)
            return known;
        var text = await workshop.ReadAsync((db, _) => db.QuerySingleAsync<string>("select mode from conduct"), cancellationToken);
        return (_mode = Enum.Parse<BankMode>(text, ignoreCase: true)).Value;
    }

    public async Task SetAsync(BankMode mode, CancellationToken cancellationToken)
    {
        await workshop.RunAsync((work, _) => work.Db.ExecuteAsync("update conduct set mode = @mode", new { mode = mode.ToString() }), cancellationToken);
        _mode = mode;
        Log.ModeChanged(log, mode.ToString());
    }

    /// <summary>What the bank's customers ask for: answered as the mode says.</summary>
    public async Task<IResult> AnswerAsync(Func<BankMode, Task<IResult>> act, CancellationToken cancellationToken)
    {
        var mode = await ModeAsync(cancellationToken);
        if (mode == BankMode.Fail)
            return TypedResults.Problem("The bank is out of order.", statusCode: StatusCodes.Status503ServiceUnavailable, title: "Out of order");
        var answer = await act(mode);
        if (mode is BankMode.Slow)
            await Task.Delay(settings.SlowFor, time, cancellationToken);
        else if (mode is BankMode.Silent)
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        return answer;
    }
}
