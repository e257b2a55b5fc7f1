using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>Calls of which it is known before how each must end, and the check that it has.</summary>
internal static class CallSchedule
{
    private const double Seconds = 60; // longer than any call may last

    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(5);

    /// <summary>Draws the order of calls. Each kind comes equally often, or once more.</summary>
    public static CallKind[] Draw(int count, int seed)
    {
        var kinds = Enum.GetValues<CallKind>();
        CallKind[] drawn = [.. Enumerable.Range(0, count).Select(number => kinds[number % kinds.Length])];
        new Random(seed).Shuffle(drawn);
        return drawn;
    }

    /// <summary>Makes a call, and throws if it ends in another way than its kind tells.</summary>
    /// <param name="pool">The pool, with the failing tools.</param>
    /// <param name="kind">How the call is to end.</param>
    /// <param name="number">The number of the call, by which a message names it.</param>
    public static async Task MakeAsync(SnakepitPool pool, CallKind kind, int number)
    {
        var outcome = await OutcomeAsync(pool, kind, number);
        if (outcome != OutcomeOf(kind))
        {
            throw new InvalidOperationException(
                $"Call {number} ({kind}) was to end with {OutcomeOf(kind)}, and has ended with {outcome}.");
        }
    }

    /// <summary>Throws if a pool has not counted exactly these calls.</summary>
    /// <param name="kinds">The calls that were made between the two readings.</param>
    /// <param name="before">What the pool had counted before.</param>
    /// <param name="after">What the pool has counted afterwards.</param>
    public static void RequireCounted(IReadOnlyCollection<CallKind> kinds, CallStatistics before, CallStatistics after)
    {
        var (succeeded, timedOut, cancelled) = (Of(CallKind.Succeeds), Of(CallKind.TimesOut), Of(CallKind.IsCancelled));
        var expected = new CallStatistics(
            Started: before.Started + kinds.Count,
            Succeeded: before.Succeeded + succeeded,
            Failed: before.Failed + kinds.Count - succeeded - timedOut - cancelled,
            Cancelled: before.Cancelled + cancelled,
            TimedOut: before.TimedOut + timedOut,
            before.Rejected,
            before.Retried);
        if (after != expected)
        {
            throw new InvalidOperationException($"The pool has counted {after}, and {expected} was expected.");
        }

        long Of(CallKind kind) => kinds.Count(one => one == kind);
    }

    private static string OutcomeOf(CallKind kind) => kind switch
    {
        CallKind.Succeeds => "the right result",
        CallKind.Raises => "ValueError",
        CallKind.UnknownTool => nameof(UnknownToolException),
        CallKind.WrongArguments or CallKind.Unsent => nameof(ToolArgumentException),
        CallKind.TimesOut => nameof(CallTimeoutException),
        _ => nameof(OperationCanceledException),
    };

    private static async Task<string> OutcomeAsync(SnakepitPool pool, CallKind kind, int number)
    {
        try
        {
            switch (kind)
            {
                case CallKind.Succeeds:
                    var sum = await pool.ExecuteAsync<double>("add", new { a = number, b = 1 });
                    return sum == number + 1 ? "the right result" : $"the result {sum}";
                case CallKind.TimesOut:
                    await pool.ExecuteAsync("wait_at_safe_point", new { seconds = Seconds }, new CallOptions { Timeout = Limit });
                    break;
                case CallKind.IsCancelled:
                    using (var source = new CancellationTokenSource(Limit))
                    {
                        await pool.ExecuteAsync("wait_at_safe_point", new { seconds = Seconds }, cancellationToken: source.Token);
                    }

                    break;
                default:
                    await FailAsync(pool, kind);
                    break;
            }

            return "a result";
        }
        catch (OperationCanceledException)
        {
            return nameof(OperationCanceledException);
        }
        catch (PythonException exception)
        {
            return exception.PythonType;
        }
        catch (SnakepitException exception)
        {
            return exception.GetType().Name;
        }
    }

    private static Task FailAsync(SnakepitPool pool, CallKind kind) => kind switch
    {
        CallKind.Raises => pool.ExecuteAsync("error_demo", new { kind = "value" }),
        CallKind.UnknownTool => pool.ExecuteAsync("no_such_tool"),
        CallKind.WrongArguments => pool.ExecuteAsync("add", new { a = 1, c = 2 }),
        _ => pool.ExecuteAsync("add", 5), // the arguments must have names
    };
}
