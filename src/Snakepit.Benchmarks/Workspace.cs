using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Snakepit.Benchmarks.Arms;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;
using Snakepit.Measurement.Snapshots;
using Snakepit.Processes;

namespace Snakepit.Benchmarks;

/// <summary>The repository that is measured: its revision, its baselines, and where its runs go.</summary>
/// <param name="root">Its root.</param>
/// <param name="pullRequestTo">The branch that a pull request wants to change; null outside of one.</param>
internal sealed class Workspace(string root, string? pullRequestTo)
{
    private const string PolicyFile = "baselines/policy.json";

    /// <summary>The repository that this program was built from.</summary>
    public static Workspace Current { get; } = new(
        Metadata("RepositoryRoot"), Environment.GetEnvironmentVariable("GITHUB_BASE_REF") is { Length: > 0 } branch ? branch : null);

    public string Root => root;

    public Git Git { get; } = new(root);

    public string BaselineDirectory { get; } = Path.Combine(root, "baselines");

    public string Artifacts { get; } = Path.Combine(root, "artifacts", "performance");

    public RunStore Runs { get; } = new(Path.Combine(root, "artifacts", "performance"));

    /// <summary>The working tree's build of the host.</summary>
    public static string CandidateBuild => Path.TrimEndingDirectorySeparator(Metadata("HostDirectory"));

    /// <summary>The commit that was checked out when the working tree's host was built, as its file says now; empty if unknown.</summary>
    public static string BuiltRevision => Revision(FileVersionInfo.GetVersionInfo(Path.Combine(CandidateBuild, "Snakepit.Benchmarks.dll")).ProductVersion);

    /// <summary>The commit that a build has written into a version, after a plus sign.</summary>
    public static string Revision(string? version) => version?.IndexOf('+', StringComparison.Ordinal) is >= 0 and var plus ? version[(plus + 1)..] : "";

    /// <summary>The configuration that the working tree was built in.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    /// <summary>The version of the SDK that built it.</summary>
    public static string Sdk { get; } = Metadata("Sdk");

    /// <summary>True under <c>CI=true</c>, where nobody is there to judge what could not be decided.</summary>
    public static bool IsContinuousIntegration => Environment.GetEnvironmentVariable("CI") == "true";

    public Policy LoadPolicy() => Policy.Load(Path.Combine(root, PolicyFile));

    public History LoadHistory() => History.Load(Path.Combine(BaselineDirectory, "history.json"));

    public Snapshot BaselineSnapshot(string scenario) => new(BaselineDirectory, scenario);

    /// <summary>The accepted baseline of a scenario in the working tree; null if there is none.</summary>
    /// <exception cref="UnreadableFileException">It cannot be read.</exception>
    public Baseline? LoadBaseline(string scenario)
    {
        var snapshot = BaselineSnapshot(scenario);
        return snapshot.Exists ? Baseline.Load(snapshot.VerifiedPath, scenario) : null;
    }

    /// <summary>
    /// What a scenario is judged by. In a pull request the policy and the pin are those of the commit that it parted from, so that a change cannot
    /// approve itself unseen; what did not exist there, or was of another format, is the pull request's own, and that is told.
    /// </summary>
    /// <exception cref="UnreadableFileException">A file cannot be read.</exception>
    public async Task<Yardstick> YardstickAsync(string scenario)
    {
        var (policy, baseline) = (LoadPolicy(), LoadBaseline(scenario));
        if (pullRequestTo is not { } branch)
        {
            return new Yardstick(policy, baseline, []);
        }

        var parted = await Git.MergeBaseAsync(branch)
            ?? throw new NotComparableException($"this clone does not know where the pull request parted from '{branch}'", "actions/checkout with fetch-depth: 0");
        var notes = new List<string>();
        if (await ChangedAsync(parted, PolicyFile, Policy.Parse, notes) is { } theirs)
        {
            notes.Add("The policy changed in this pull request; judged by the one before, and by the new one where that said nothing of a metric.");
            policy = theirs.Completed(policy);
        }

        var path = $"baselines/{scenario}.verified.json";
        if (await ChangedAsync(parted, path, (text, name) => Baseline.Parse(text, name, scenario), notes) is { } old)
        {
            var moved = old.Pin != baseline?.Pin;
            notes.Add(baseline is null ? $"The baseline of {scenario} was removed in this pull request; judged by the one before."
                : moved ? $"The pin of {scenario} moved in this pull request; judged by the old pin and its ratios."
                : $"The baseline of {scenario} changed in this pull request ({baseline.Reason}): {string.Join(", ", baseline.ChangesFrom(old).Select(change => $"{change}").DefaultIfEmpty("no ratio and no count"))}");
            baseline = moved ? old : baseline;
        }

        return new Yardstick(policy, baseline, notes);
    }

    /// <summary>A file as it was where a pull request parted, if it is another one by now and can be read; why not is a note.</summary>
    private async Task<T?> ChangedAsync<T>(string parted, string path, Func<string, string, T> parse, List<string> notes)
        where T : class
    {
        var file = Path.Combine(root, path);
        var before = await Git.FileAsync(parted, path);
        if (before is null || (File.Exists(file) && before == await File.ReadAllTextAsync(file)))
        {
            return null;
        }

        try
        {
            return parse(before, path);
        }
        catch (UnreadableFileException exception)
        {
            notes.Add($"Judged by {path} as it is in this pull request, because the one before cannot be read any more: {exception.Message}");
            return null;
        }
    }

    /// <summary>A name for a run that begins now.</summary>
    public static string NewRunId() => TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A seed that differs from run to run.</summary>
    public static int NewSeed() => (int)(TimeProvider.System.GetUtcNow().Ticks & 0x7FFFFFFF);

    /// <summary>The one-minute load average.</summary>
    public static double LoadAverage() =>
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>The interpreter that workers run on.</summary>
    public static Task<string> PythonAsync() => PythonLocator.LocateAsync(configured: null, Transports.Of(WorkerTransport.Grpc).Requirements, CancellationToken.None);

    /// <summary>This machine with the Python that the workers run on.</summary>
    public static async Task<MachineProfile> MachineAsync()
    {
        const string Question = "import sys, grpc; print('%d.%d' % sys.version_info[:2], '.'.join(grpc.__version__.split('.')[:2]))";
        var interpreter = await PythonAsync();
        var answer = await Subprocess.RunAsync(interpreter, ["-c", Question], CancellationToken.None);
        if (answer.ExitCode != 0)
        {
            throw Transports.Of(WorkerTransport.Grpc).Requirements.NotMet(interpreter, answer.Errors);
        }

        var versions = answer.Output.Trim().Split(' ');
        return MachineProfile.Current(new Dictionary<string, string> { ["python"] = versions[0], ["grpcio"] = versions[1] });
    }

    /// <summary>Puts a run together from what was measured.</summary>
    public async Task<RunResult> DescribeAsync(string id, double loadBefore, IEnumerable<ScenarioResult> scenarios)
    {
        var commit = await Git.HeadAsync();
        return new RunResult(
            RunResult.CurrentSchema, id, commit, commit.Length > 0 && await Git.IsDirtyAsync(), await MachineAsync(), loadBefore, LoadAverage(), [.. scenarios]);
    }

    private static string Metadata(string key) => typeof(Workspace).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}

/// <summary>What a scenario is judged by.</summary>
/// <param name="Policy">Rules and targets.</param>
/// <param name="Baseline">Accepted ratios; null if there are none yet.</param>
/// <param name="Notes">What a reader of the verdict should know about them.</param>
internal sealed record Yardstick(Policy Policy, Baseline? Baseline, IReadOnlyList<string> Notes)
{
    /// <summary>
    /// The yardstick for rounds measured against that pin: ratios to another one than the baseline's are judged as if the pin itself were accepted.
    /// </summary>
    public Yardstick For(string? pin, string scenario, IEnumerable<Metric> metrics) =>
        pin is null || pin == Baseline?.Pin ? this : this with { Baseline = Snakepit.Measurement.Baselines.Baseline.OfThePin(scenario, metrics, pin, Policy, Baseline) };
}
