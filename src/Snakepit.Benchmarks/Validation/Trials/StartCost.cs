using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Validation.Trials;

/// <summary>Measures how long a pool with 16 workers takes to start without a prepared template process.</summary>
internal static class StartCost
{
    private const int Workers = 16;
    private const int Starts = 6;

    /// <summary>
    /// Returns the duration of the shortest of several starts, in milliseconds. The first start takes longer, because .NET compiles
    /// methods.
    /// </summary>
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
