using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Snapshots;
using Snakepit.Processes;

namespace Snakepit.Benchmarks;

/// <summary>The repository that is measured: its revision, its baselines, and where its runs go.</summary>
internal sealed class Workspace(string root)
{
    /// <summary>The repository that this program was built from.</summary>
    public static Workspace Current { get; } = new(typeof(Workspace).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!);

    public string BaselineDirectory { get; } = Path.Combine(root, "baselines");

    public RunStore Runs { get; } = new(Path.Combine(root, "artifacts", "performance"));

    public Policy LoadPolicy() => Policy.Load(Path.Combine(BaselineDirectory, "policy.json"));

    public History LoadHistory() => History.Load(Path.Combine(BaselineDirectory, "history.json"));

    public Snapshot BaselineSnapshot(string scenario) => new(BaselineDirectory, scenario);

    /// <summary>The accepted baseline of a scenario; null if there is none.</summary>
    public Baseline? LoadBaseline(string scenario)
    {
        var snapshot = BaselineSnapshot(scenario);
        return snapshot.Exists ? Baseline.Load(snapshot.VerifiedPath, scenario) : null;
    }

    /// <summary>A name for a run that begins now.</summary>
    public static string NewRunId() => TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A seed that differs from run to run.</summary>
    public static int NewSeed() => (int)(TimeProvider.System.GetUtcNow().Ticks & 0x7FFFFFFF);

    /// <summary>The one-minute load average.</summary>
    public static double LoadAverage() =>
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>The revision of the work tree, and whether the tree differs from it; an empty revision outside of git.</summary>
    public async Task<(string Commit, bool Dirty)> RevisionAsync()
    {
        var (exit, commit) = await OutputOfAsync("git", "-C", root, "rev-parse", "HEAD");
        return exit == 0
            ? (commit, (await OutputOfAsync("git", "-C", root, "status", "--porcelain")).Output.Length > 0)
            : ("", false);
    }

    /// <summary>This machine with the Python that the workers run on.</summary>
    public static async Task<MachineProfile> MachineAsync()
    {
        const string Question = "import sys, grpc; print('%d.%d' % sys.version_info[:2], '.'.join(grpc.__version__.split('.')[:2]))";
        var interpreter = await PythonLocator.LocateAsync(configured: null, CancellationToken.None);
        var (exit, output) = await OutputOfAsync(interpreter, "-c", Question);
        if (exit != 0)
        {
            throw new ScenarioFailedException($"{interpreter} did not tell its version and grpcio's: exit code {exit}.", null);
        }

        var versions = output.Split(' ');
        return MachineProfile.Current(new Dictionary<string, string> { ["python"] = versions[0], ["grpcio"] = versions[1] });
    }

    /// <summary>Puts a run together from what was measured.</summary>
    public async Task<RunResult> DescribeAsync(string id, double loadBefore, IEnumerable<ScenarioResult> scenarios)
    {
        var (commit, dirty) = await RevisionAsync();
        return new RunResult(RunResult.CurrentSchema, id, commit, dirty, await MachineAsync(), loadBefore, LoadAverage(), [.. scenarios]);
    }

    private static async Task<(int Exit, string Output)> OutputOfAsync(string program, params string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (127, "");
        }

        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        await errors;
        return (process.ExitCode, (await output).Trim());
    }
}
