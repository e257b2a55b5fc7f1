using System.Collections.Immutable;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>Runs sessions of rounds, and ends each as soon as its verdicts need no more rounds.</summary>
/// <param name="options">How to measure.</param>
/// <param name="python">The interpreter for the workers of both sides.</param>
/// <param name="log">Where raw data go.</param>
/// <param name="progress">Called with a line of text after each round.</param>
internal sealed class SessionRunner(GateOptions options, string python, RoundLog log, Action<string> progress)
{
    // Any constant: it makes the random choices of the second session differ from those of the first.
    private const int SeedOfSecond = 0x5A5A5A5A;

    private TimeSpan _spent;

    /// <summary>The seed of a scenario's first session.</summary>
    public int SeedOf(Scenario scenario) =>
        options.Seed ^ scenario.Name.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter));

    /// <summary>A fixed number of rounds, all metrics in each.</summary>
    public Task<ScenarioResult> FixedAsync(Scenario scenario, Builds builds, int rounds, CancellationToken cancellationToken) =>
        new Session(scenario, builds, python, log).RunAsync(
            new SessionPlan(1, SeedOf(scenario), Swap: false, rounds, _ => scenario.Keys),
            result => progress($"{scenario.Name}: measured {result.Rounds} of {rounds} rounds"),
            cancellationToken);

    /// <summary>
    /// The first session: until every metric is decided, the last interim look is reached, or the time is up. Only metrics that are still
    /// undecided are measured after the first interim look. Without a pin nothing can be decided, so the session ends there.
    /// </summary>
    public async Task<ScenarioResult> FirstAsync(Scenario scenario, Criteria criteria, Builds builds, CancellationToken cancellationToken)
    {
        var (began, looks) = (TimeProvider.System.GetTimestamp(), criteria.Policy.InterimLooks.Rounds);
        var most = options.Rounds ?? (builds.Pin is null ? looks[0] : looks[^1]);
        var plan = new SessionPlan(1, SeedOf(scenario), Swap: false, most, Wanted) { Fault = options.Fault };
        progress($"{scenario.Name}: measuring {(builds.Pin is { } pin ? $"against {pin[..10]}" : "alone")}, seed {plan.Seed}");
        var reporter = new SessionProgress(criteria, options.Rounds, progress);
        var result = await new Session(scenario, builds, python, log).RunAsync(plan, reporter.Report, cancellationToken);
        _spent += TimeProvider.System.GetElapsedTime(began);
        return result;

        IReadOnlySet<string> Wanted(ScenarioResult soFar) => options.Rounds is not null || soFar.Rounds < looks[0] ? scenario.Keys
            : looks.Contains(soFar.Rounds) && (IsTimeUp() || IsFound(soFar)) ? ImmutableHashSet<string>.Empty
            : criteria.UndecidedOf(soFar);

        bool IsFound(ScenarioResult soFar) => options.EndsWithRegression && criteria.Judge(soFar).Outcome == GateOutcome.Regressed;

        bool IsTimeUp() => _spent + TimeProvider.System.GetElapsedTime(began) > options.Budget;
    }

    /// <summary>The second session: until each suspect's regression is confirmed or refuted, or the last interim look is reached.</summary>
    public async Task<ScenarioResult> SecondAsync(
        Scenario scenario, Criteria criteria, Builds builds, IReadOnlyCollection<string> suspects, CancellationToken cancellationToken)
    {
        var looks = criteria.Policy.InterimLooks.Rounds;
        var plan = new SessionPlan(2, SeedOf(scenario) ^ SeedOfSecond, Swap: true, looks[^1], Wanted) { Fault = options.Fault };
        var result = await new Session(scenario, builds, python, log).RunAsync(
            plan, soFar => progress($"{scenario.Name}: {soFar.Rounds} rounds to confirm"), cancellationToken);
        return result with { Metrics = [.. result.Metrics.Where(metric => suspects.Contains(metric.Key))] };

        IReadOnlySet<string> Wanted(ScenarioResult soFar) =>
            suspects.Where(key => soFar.Rounds < looks[0] || !criteria.IsConfirmationFinal(soFar, key)).ToHashSet();
    }
}
