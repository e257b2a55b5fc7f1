using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Validation.Trials;

/// <summary>Measures how long a pool of 8 workers takes to replace a worker that was killed.</summary>
internal static class ReplacementCost
{
    private const int Workers = 8;
    private const int Kills = 12;

    /// <summary>Returns the median time from a kill until all workers are idle again, in milliseconds.</summary>
    public static async Task<double> MillisecondsAsync(Arm arm, CancellationToken cancellationToken)
    {
        await arm.RunAsync(new StartSlot(Workers), cancellationToken);

        // The first replacement is not counted. It takes longer, because .NET compiles methods.
        await arm.RunAsync(new RecoverySlot(Count: 1), cancellationToken);
        return (await arm.RunAsync(new RecoverySlot(Kills), cancellationToken)).ReplacedMs;
    }
}
