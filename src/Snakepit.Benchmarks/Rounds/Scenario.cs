using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>Something worth measuring: its metrics, and how one round measures them.</summary>
internal abstract class Scenario
{
    /// <summary>The name on the command line, in reports, and of the scenario's baseline.</summary>
    public abstract string Name { get; }

    /// <summary>What is measured, in a few words.</summary>
    public abstract string Description { get; }

    /// <summary>
    /// What rounds record, in the order of reports. A metric that is judged is recorded in every round on both sides.
    /// </summary>
    public abstract IReadOnlyList<Reading> Readings { get; }

    /// <summary>The metrics of <see cref="Readings"/>.</summary>
    public IReadOnlyList<Metric> Metrics => [.. Readings.Select(reading => reading.Metric)];

    /// <summary>The names of the metrics.</summary>
    public IReadOnlySet<string> Keys => Readings.Select(reading => reading.Key).ToHashSet();

    /// <summary>Where to look if the scenario got worse: each cause that a metric points at, with its metrics.</summary>
    public IReadOnlyList<Hint> Hints =>
        [.. Readings.Where(reading => reading.Cause is not null)
            .GroupBy(reading => reading.Cause!, (cause, readings) => new Hint(cause, [.. readings.Select(reading => reading.Key)]))];

    /// <summary>
    /// True if calls are measured as a program makes them that has run for a while (<see cref="DotnetEnvironment.Settle"/>), false if they
    /// are measured as they are just after the start of a program.
    /// </summary>
    public virtual bool IsSettled => false;

    /// <summary>The steps that follow each other in what is measured, for <c>bench run --phases</c>; null if there are none.</summary>
    public virtual TimeBreakdown? Breakdown => null;

    /// <summary>Measures once each metric that the round wants.</summary>
    public abstract Task MeasureAsync(Round round);
}
