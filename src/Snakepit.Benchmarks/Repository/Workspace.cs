using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Repository;

/// <summary>The repository that is measured: where its baselines are, and where results go.</summary>
/// <param name="root">The root folder.</param>
/// <param name="pullRequestTo">The branch that a pull request wants to change; null outside of a pull request.</param>
internal sealed class Workspace(string root, string? pullRequestTo)
{
    /// <summary>
    /// The repository that this program was built from. GitHub Actions says in a variable whether this is a pull request.
    /// </summary>
    public static Workspace Current { get; } = new(
        CandidateBuild.RepositoryRoot,
        Environment.GetEnvironmentVariable("GITHUB_BASE_REF") is { Length: > 0 } branch ? branch : null);

    public string Root => root;

    /// <summary>The branch that a pull request wants to change; null outside of a pull request.</summary>
    public string? PullRequestTo => pullRequestTo;

    public Git Git { get; } = new(root);

    public string BaselineDirectory { get; } = Path.Combine(root, "baselines");

    /// <summary>Where everything goes that measurements write and git ignores.</summary>
    public string Artifacts { get; } = Path.Combine(root, "artifacts", "performance");

    public RunStore Runs { get; } = new(Path.Combine(root, "artifacts", "performance"));

    /// <exception cref="UnreadableFileException">The file cannot be read.</exception>
    public Policy LoadPolicy() => Policy.Load(Path.Combine(BaselineDirectory, "policy.json"));

    /// <exception cref="UnreadableFileException">The file cannot be read.</exception>
    public History LoadHistory() => History.Load(Path.Combine(BaselineDirectory, "history.json"));

    /// <summary>The verified and the received baseline of a scenario, as files.</summary>
    public Snapshot BaselineSnapshot(string scenario) => new(BaselineDirectory, scenario);

    /// <summary>The accepted baseline of a scenario in the working tree; null if there is none.</summary>
    /// <exception cref="UnreadableFileException">The file cannot be read.</exception>
    public Baseline? LoadBaseline(string scenario)
    {
        var snapshot = BaselineSnapshot(scenario);
        return snapshot.Exists ? Baseline.Load(snapshot.VerifiedPath, scenario) : null;
    }
}
