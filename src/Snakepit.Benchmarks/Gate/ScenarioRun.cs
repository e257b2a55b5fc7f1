using Snakepit.Benchmarks.Profiling;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Comparison;

namespace Snakepit.Benchmarks.Gate;

/// <summary>A scenario that was measured and judged.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Verdict">The verdicts on its metrics.</param>
/// <param name="Criteria">The criteria by which the scenario was judged.</param>
/// <param name="Notes">Remarks that the report shows above the verdicts.</param>
internal sealed record ScenarioRun(Scenario Scenario, ScenarioVerdict Verdict, Criteria Criteria, IReadOnlyList<string> Notes)
{
    /// <summary>Why its worst metric has regressed; null if none has, or if nobody asked.</summary>
    public Explanation? Why { get; init; }
}
