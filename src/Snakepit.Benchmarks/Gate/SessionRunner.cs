using System.Collections.Immutable;
using Snakepit.Benchmarks.Profiling;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Profiles;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>
/// Runs measurement sessions. A session is a series of rounds, and ends as soon as the verdicts on its metrics need no more rounds.
/// </summary>
/// <param name="options">The options of the run.</param>
/// <param name="python">The Python interpreter for the workers of both sides.</param>
/// <param name="log">The file to which the raw data of each round are written.</param>
/// <param name="progress">Called with a line of text when a session begins and after each round.</param>
/// <param name="sampleDirectory">A folder for the files of a profiled session, which removes it at its end.</param>
internal sealed class SessionRunner(GateOptions options, string python, RoundLog log, Action<string> progress, string sampleDirectory)
{
    // An arbitrary constant that is combined with the seed of the first session, so that the second session makes other random choices.
    private const int SeedOfSecond = 0x5A5A5A5A;

    // The first two numbers are those of the session that measures and of the session that confirms.
    private const int ProfiledSession = 3;

    private TimeSpan _spent;

    /// <summary>Runs a session with a fixed number of rounds, and measures all metrics in each round.</summary>
    public Task<ScenarioResult> FixedAsync(Scenario scenario, Builds builds, int rounds, CancellationToken cancellationToken) =>
        new Session(scenario, builds, python, log).RunAsync(
            new SessionPlan(1, options.Seed, Swap: false, rounds, _ => scenario.Keys),
            result => progress($"{scenario.Name}: measured {result.Rounds} of {rounds} rounds"),
            cancellationToken);

    /// <summary>Runs a session in which all processes are profiled. Its figures are not judged.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="builds">The builds of both sides.</param>
    /// <param name="metrics">The metrics to measure.</param>
    /// <param name="rounds">The largest number of rounds.</param>
    /// <param name="time">No round begins after this time, if there are at least two.</param>
    /// <param name="cancellationToken">Stops the session.</param>
    public async Task<Explanation> ProfiledAsync(
        Scenario scenario,
        Builds builds,
        IReadOnlyCollection<string> metrics,
        int rounds,
        TimeSpan time,
        CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        await using var profiler = Profiler.Start(sampleDirectory);
        var plan = new SessionPlan(ProfiledSession, options.Seed, Swap: false, rounds, Wanted)
        {
            Fault = options.Fault,
            Observer = profiler.Observe,
        };
        await new Session(scenario, builds, python, log).RunAsync(
            plan, result => progress($"{scenario.Name}: profiled {result.Rounds} of {rounds} rounds"), cancellationToken);
        return profiler.Explain(scenario.Name, metrics);

        IReadOnlySet<string> Wanted(ScenarioResult soFar) =>
            soFar.Rounds >= GrowthRanking.FewestRounds && TimeProvider.System.GetElapsedTime(began) > time
                ? ImmutableHashSet<string>.Empty
                : metrics.ToImmutableHashSet();
    }

    /// <summary>
    /// Runs the session of a study. It has <paramref name="rounds"/> rounds; if this is null, as many as the study needs.
    /// </summary>
    public Task<ScenarioResult> StudyAsync(Study study, Builds builds, int? rounds, CancellationToken cancellationToken)
    {
        return new Session(study, builds, python, log).RunAsync(
            new SessionPlan(1, options.Seed, Swap: false, int.MaxValue, Wanted),
            result => progress($"{study.Name}: measured {result.Rounds} of {Needed(result)} rounds"),
            cancellationToken);

        int Needed(ScenarioResult soFar) => rounds ?? study.RoundsNeeded(soFar);

        IReadOnlySet<string> Wanted(ScenarioResult soFar) =>
            soFar.Rounds == Needed(soFar) ? ImmutableHashSet<string>.Empty : study.Keys;
    }

    /// <summary>
    /// Runs the first session. If the options ask for a number of rounds, the session has this many. Otherwise it ends when every metric
    /// has a verdict, when the last interim look is reached, when the time is up, or, if the options say so, when a regression is found.
    /// After the first interim look, only metrics without a verdict are measured. Without a pin no ratio can be judged, so the session ends
    /// at the first interim look.
    /// </summary>
    public async Task<ScenarioResult> FirstAsync(Scenario scenario, Criteria criteria, Builds builds, CancellationToken cancellationToken)
    {
        var (began, looks) = (TimeProvider.System.GetTimestamp(), criteria.Policy.InterimLooks.Rounds);
        var (measured, leftOut) = criteria.Divide(scenario.Keys, options.IsFull);
        var most = options.Rounds ?? (builds.Pin is null ? looks[0] : looks[^1]);
        var plan = new SessionPlan(1, options.Seed, Swap: false, most, Wanted) { Fault = options.Fault };
        progress($"{scenario.Name}: measuring {(builds.Pin is { } pin ? $"against {pin[..10]}" : "alone")}, seed {plan.Seed}");
        var reporter = new SessionProgress(criteria, options.Rounds, most, progress, TimeProvider.System);
        var result = await new Session(scenario, builds, python, log).RunAsync(
            plan, soFar => reporter.Report(WithoutLeftOut(soFar)), cancellationToken);
        _spent += TimeProvider.System.GetElapsedTime(began);
        return WithoutLeftOut(result);

        IReadOnlySet<string> Wanted(ScenarioResult soFar) => options.Rounds is not null || soFar.Rounds < looks[0] ? measured
            : looks.Contains(soFar.Rounds) && (IsTimeUp() || IsFound(soFar)) ? ImmutableHashSet<string>.Empty
            : criteria.UndecidedOf(WithoutLeftOut(soFar));

        bool IsFound(ScenarioResult soFar) =>
            options.EndsWithRegression && criteria.Judge(WithoutLeftOut(soFar)).Outcome == GateOutcome.Regressed;

        // A slot can record a metric that is left out beside others. The metric is not judged even so, because it may lack rounds.
        ScenarioResult WithoutLeftOut(ScenarioResult soFar) => soFar with
        {
            Metrics = soFar.Metrics.RemoveAll(metric => leftOut.Contains(metric.Key)),
            LeftOut = [.. soFar.Metrics.Select(metric => metric.Key).Where(leftOut.Contains)],
        };

        bool IsTimeUp() => _spent + TimeProvider.System.GetElapsedTime(began) > options.Budget;
    }

    /// <summary>
    /// Runs the second session. It ends when the regression of each suspect metric is confirmed or refuted, or at the last interim look.
    /// </summary>
    public async Task<ScenarioResult> SecondAsync(
        Scenario scenario, Criteria criteria, Builds builds, IReadOnlyCollection<string> suspects, CancellationToken cancellationToken)
    {
        var looks = criteria.Policy.InterimLooks.Rounds;
        var plan = new SessionPlan(2, options.Seed ^ SeedOfSecond, Swap: true, looks[^1], Wanted) { Fault = options.Fault };
        var result = await new Session(scenario, builds, python, log).RunAsync(
            plan, soFar => progress($"{scenario.Name}: {soFar.Rounds} rounds to confirm"), cancellationToken);
        return result with { Metrics = [.. result.Metrics.Where(metric => suspects.Contains(metric.Key))] };

        IReadOnlySet<string> Wanted(ScenarioResult soFar) =>
            suspects.Where(key => soFar.Rounds < looks[0] || !criteria.IsConfirmationFinal(soFar, key)).ToHashSet();
    }
}
