using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Validation.Trials;

/// <summary>What a cold start of 16 workers costs.</summary>
internal static class StartCost
{
    private const int Workers = 16;
    private const int Starts = 6;

    /// <summary>The shortest of several starts; the first one compiles methods and takes longer.</summary>
    public static async Task<double> MillisecondsAsync(Arm arm, CancellationToken cancellationToken)
    {
        var shortest = double.MaxValue;
        for (var i = 0; i < Starts; i++)
        {
            shortest = Math.Min(shortest, (await arm.RunAsync(new StartSlot(Workers), cancellationToken)).Ms);
            await arm.RunAsync(new StopSlot(), cancellationToken);
        }

        return shortest;
    }
}
