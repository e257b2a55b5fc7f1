using Snakepit.Measurement.Profiles;

namespace Snakepit.Benchmarks.Validation.Naming;

/// <summary>How a trial of the profiled session has ended.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Rank">The place of the slower function among the named ones, from 1; 0 if it was not named, or if there is none.</param>
/// <param name="Growth">The measured growth of the slower function, in microseconds of CPU time for each call.</param>
/// <param name="Wrong">The other functions that were named.</param>
internal sealed record NamingOutcome(NamingTrial Trial, int Rank, double Growth, IReadOnlyList<FunctionGrowth> Wrong)
{
    // The growth also has what the added code costs beside its duration, such as reading the clock.
    private const double MostDeviation = 0.25, MostOverhead = 3;

    /// <summary>True if the slower function was named first, or, on identical sides, if none was named.</summary>
    public bool IsRight => Trial.IsIdentical ? Wrong.Count == 0 : Rank == 1;

    /// <summary>True if the growth is what was added, within a quarter.</summary>
    public bool IsAsLarge => Trial.IsIdentical
        || (Growth >= Trial.Microseconds * (1 - MostDeviation)
            && Growth <= (Trial.Microseconds * (1 + MostDeviation)) + (Trial.Python is null ? 0 : MostOverhead));

    /// <summary>Finds a trial's function in what the session has found.</summary>
    public static NamingOutcome Of(NamingTrial trial, GrowthRanking ranking)
    {
        var named = ranking.Significant.ToList();
        var own = ranking.Functions.FirstOrDefault(growth => growth.Function.Function == trial.Function);
        return new NamingOutcome(
            trial,
            own is null ? 0 : named.IndexOf(own) + 1,
            own?.Growth ?? 0,
            [.. named.Where(growth => growth != own)]);
    }
}
