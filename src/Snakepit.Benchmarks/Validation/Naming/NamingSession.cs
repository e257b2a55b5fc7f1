using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Profiling;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Benchmarks.Validation.Naming;

/// <summary>Runs trials of the profiled session.</summary>
/// <param name="workspace">The repository.</param>
/// <param name="commit">The commit that both sides are built from, the candidate with a change.</param>
/// <param name="python">The Python interpreter of the builds and the workers.</param>
/// <param name="progress">Called with lines of text that say what happens.</param>
internal sealed class NamingSession(Workspace workspace, string commit, string python, Action<string> progress)
{
    private const int Rounds = 8;
    private const string Metric = "none"; // a session ends when no metric is wanted, and this one judges none

    private readonly PinBuild _pins = new(workspace.Root, workspace.Git);
    private readonly string _directory = Path.Combine(workspace.Artifacts, "naming");

    /// <summary>Runs one trial.</summary>
    /// <exception cref="SamplingException">Nothing can take samples on this machine, or samples were lost.</exception>
    public async Task<NamingOutcome> RunAsync(NamingTrial trial, CancellationToken cancellationToken)
    {
        var pin = await _pins.EnsureAsync(commit, python, progress, cancellationToken);
        var candidate = trial.DotNet is { } change
            ? await _pins.BuildChangedAsync(commit, change.ApplyTo, python, cancellationToken)
            : pin;
        using var builds = new Builds(Staging.Create(Path.Combine(_directory, "arms"), candidate, pin), commit);
        foreach (var swapped in (bool[])[false, true])
        {
            trial.Python?.ApplyTo(builds.Staging.DirectoryOf(Side.Candidate, swapped));
        }

        await using var profiler = Profiler.Start(Path.Combine(_directory, "samples"));
        using var log = new RoundLog(Path.Combine(_directory, "rounds.ndjson.gz"), progress);
        var seed = GateOptions.NewSeed();
        progress($"{trial.Name}: seed {seed}");
        var plan = new SessionPlan(1, seed, Swap: false, Rounds, _ => new HashSet<string> { Metric })
        {
            Observer = profiler.Observe,
        };
        await new Session(new NamingScenario(trial.Transport), builds, python, log).RunAsync(plan, _ => { }, cancellationToken);
        var explanation = profiler.Explain(trial.Name, []);
        return explanation is { Failures: [], Ranking: { } ranking }
            ? NamingOutcome.Of(trial, ranking)
            : throw new SamplingException($"{trial.Name}: {string.Join("; ", explanation.Failures.DefaultIfEmpty("too few rounds"))}");
    }
}
