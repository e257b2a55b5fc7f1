using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>A scenario describes something worth measuring: it declares metrics, and says how one round measures them.</summary>
internal abstract class Scenario
{
    /// <summary>The name of the scenario on the command line, in reports, and in the name of its baseline file.</summary>
    public abstract string Name { get; }

    /// <summary>A description of what is measured, in a few words.</summary>
    public abstract string Description { get; }

    /// <summary>
    /// The metrics that rounds record, in the order of reports. A metric that is judged must be recorded on both sides in every round that
    /// still needs it.
    /// </summary>
    public abstract IReadOnlyList<Reading> Readings { get; }

    /// <summary>The metrics of <see cref="Readings"/>, without the functions that compute them.</summary>
    public IReadOnlyList<Metric> Metrics => [.. Readings.Select(reading => reading.Metric)];

    /// <summary>The names of the metrics.</summary>
    public IReadOnlySet<string> Keys => Readings.Select(reading => reading.Key).ToHashSet();

    /// <summary>Hints for a scenario that got worse: each likely cause, with the metrics that point at it.</summary>
    public IReadOnlyList<Hint> Hints =>
        [.. Readings.Where(reading => reading.Cause is not null)
            .GroupBy(reading => reading.Cause!, (cause, readings) => new Hint(cause, [.. readings.Select(reading => reading.Key)]))];

    /// <summary>
    /// True to measure calls as they are in a program that has run for a while (<see cref="DotnetEnvironment.Settle"/>); false to measure
    /// them as they are just after the start of a program.
    /// </summary>
    public virtual bool IsSettled => false;

    /// <summary>
    /// The modules that the scenario needs in Python, beside those that every worker needs. Where one of them is missing, the scenario is
    /// not measured, and a message says what to install.
    /// </summary>
    public virtual IReadOnlyList<string> Modules => [];

    /// <summary>The consecutive steps of what is measured, which <c>bench run --phases</c> shows; null if there are none.</summary>
    public virtual TimeBreakdown? Breakdown => null;

    /// <summary>Measures each metric that the round still needs.</summary>
    public abstract Task MeasureAsync(Round round);
}
