using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Repository;

/// <summary>The repository that is measured. It knows where the baselines are, and where results are written.</summary>
/// <param name="root">The root folder of the repository.</param>
/// <param name="pullRequestTo">The branch into which the pull request is to be merged; null outside of a pull request.</param>
internal sealed class Workspace(string root, string? pullRequestTo)
{
    private const string BranchPrefix = "refs/heads/";

    /// <summary>
    /// The repository from which this program was built. In GitHub Actions, a variable names the target branch of a pull request. GitHub
    /// sets no such variable for a merge queue, so the workflow sets one.
    /// </summary>
    public static Workspace Current { get; } = new(
        CandidateBuild.RepositoryRoot,
        BranchIn(Environment.GetEnvironmentVariable("GITHUB_BASE_REF"), Environment.GetEnvironmentVariable("SNAKEPIT_BASE_REF")));

    public string Root => root;

    /// <summary>The branch into which the pull request is to be merged; null outside of a pull request.</summary>
    public string? PullRequestTo => pullRequestTo;

    public Git Git { get; } = new(root);

    public string BaselineDirectory { get; } = Path.Combine(root, "baselines");

    /// <summary>The folder for everything that measurements write. Git ignores this folder.</summary>
    public string Artifacts { get; } = Path.Combine(root, "artifacts", "performance");

    public RunStore Runs { get; } = new(Path.Combine(root, "artifacts", "performance"));

    public string PolicyPath => Path.Combine(BaselineDirectory, "policy.json");

    /// <summary>Returns the branch that the first variable names which is set; null if none is.</summary>
    internal static string? BranchIn(params string?[] variables) => variables.FirstOrDefault(value => value is { Length: > 0 }) is { } name
        ? name.StartsWith(BranchPrefix, StringComparison.Ordinal) ? name[BranchPrefix.Length..] : name
        : null;

    /// <exception cref="UnreadableFileException">The file cannot be read.</exception>
    public Policy LoadPolicy() => Policy.Load(PolicyPath);

    /// <exception cref="UnreadableFileException">The file cannot be read.</exception>
    public History LoadHistory() => History.Load(Path.Combine(BaselineDirectory, "history.json"));

    /// <summary>Returns the two baseline files of a scenario: the verified (accepted) and the received (proposed) one.</summary>
    public Snapshot BaselineSnapshot(string scenario) => new(BaselineDirectory, scenario);

    /// <summary>Reads the accepted baseline of a scenario from the working tree; null if there is none.</summary>
    /// <exception cref="UnreadableFileException">The file cannot be read.</exception>
    public Baseline? LoadBaseline(string scenario)
    {
        var snapshot = BaselineSnapshot(scenario);
        return snapshot.Exists ? Baseline.Load(snapshot.VerifiedPath, scenario) : null;
    }
}
