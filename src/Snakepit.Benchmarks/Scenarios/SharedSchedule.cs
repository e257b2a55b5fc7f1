using Snakepit.Benchmarks.Arms;
using Snakepit.Measurement.Load;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>One schedule of an open loop that both sides share.</summary>
internal static class SharedSchedule
{
    /// <summary>
    /// When calls start on each side, in microseconds. Of each two calls in a row one goes to each side; which one is drawn.
    /// </summary>
    /// <param name="rate">Calls per second on each side.</param>
    /// <param name="calls">How many calls on each side.</param>
    /// <param name="random">The source of every choice.</param>
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
