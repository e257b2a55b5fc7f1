using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Validation.Trials;

/// <summary>What it costs a pool of 8 workers to replace one that was killed.</summary>
internal static class ReplacementCost
{
    private const int Workers = 8;
    private const int Kills = 12;

    /// <summary>The median time from a kill until all workers are idle again.</summary>
    public static async Task<double> MillisecondsAsync(Arm arm, CancellationToken cancellationToken)
    {
        await arm.RunAsync(new StartSlot(Workers), cancellationToken);
        await arm.RunAsync(new RecoverySlot(Count: 1), cancellationToken); // the first loss of a worker compiles methods
        return (await arm.RunAsync(new RecoverySlot(Kills), cancellationToken)).ReplacedMs;
    }
}
