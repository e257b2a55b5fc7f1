using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>Something worth measuring: what it yields, and how one round of it is done.</summary>
internal abstract class Scenario
{
    /// <summary>The name of its tests' class, of its baseline, and on the command line.</summary>
    public abstract string Name { get; }

    public abstract string Description { get; }

    /// <summary>What rounds record, in the order of reports; what is judged, every round on every side.</summary>
    public abstract IReadOnlyList<Metric> Metrics { get; }

    /// <summary>The names of all metrics.</summary>
    public IReadOnlySet<string> Keys => Metrics.Select(metric => metric.Key).ToHashSet();

    /// <summary>Where to look when it got worse.</summary>
    public abstract IReadOnlyList<Hint> Hints { get; }

    /// <summary>
    /// Whether calls are measured as a program makes them that has run for a while (<see cref="DotnetEnvironment.Settle"/>), and not just after its start.
    /// </summary>
    public virtual bool IsSettled => false;

    /// <summary>The steps that what is measured consists of, for <c>bench run --phases</c>; null if it is not told by steps.</summary>
    public virtual TimeBreakdown? Breakdown => null;

    /// <summary>Measures every metric once that the round is for.</summary>
    public abstract Task MeasureAsync(Round round);
}
