using Snakepit.Benchmarks.Arms;
using Snakepit.Measurement.Load;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>Creates one schedule of an open loop and divides its calls between the two sides.</summary>
internal static class SharedSchedule
{
    /// <summary>
    /// Returns the start times of the calls of each side, in microseconds. The calls of the schedule are divided into pairs of neighbours.
    /// Each side gets one call of each pair, and which side gets the earlier one is random.
    /// </summary>
    /// <param name="rate">The number of calls per second on each side.</param>
    /// <param name="calls">The number of calls on each side.</param>
    /// <param name="random">The source of every random choice.</param>
    public static Dictionary<Side, List<int>> Of(double rate, int calls, Random random)
    {
        var schedule = Schedule.Poisson(2 * rate, 2 * calls, random.Next());
        var sides = new Dictionary<Side, List<int>> { [Side.Candidate] = [], [Side.Pin] = [] };
        for (var i = 0; i < schedule.Starts.Length; i += 2)
        {
            var first = random.Next(2);
            sides[first == 0 ? Side.Candidate : Side.Pin].Add((int)schedule.Starts[i].TotalMicroseconds);
            sides[first == 0 ? Side.Pin : Side.Candidate].Add((int)schedule.Starts[i + 1].TotalMicroseconds);
        }

        return sides;
    }
}
