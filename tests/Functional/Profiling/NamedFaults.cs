using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Benchmarks.Validation.Naming;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Tests.Functional.Profiling;

/// <summary>Tests the trials of the profiled session, whose faults are changes of the product's sources.</summary>
public sealed class NamedFaults : IDisposable
{
    private static readonly NamingTrial Slower = new(WorkerTransport.Direct, "Pool.Run", 4)
    {
        DotNet = SourceChange.Spin("a.cs", "a", 4),
    };

    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-faults-").FullName;

    public static TheoryData<string> Trials => [.. NamingTrials.All.Where(trial => !trial.IsIdentical).Select(trial => trial.Name)];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [MemberData(nameof(Trials))]
    public async Task Every_change_fits_the_sources(string name)
    {
        var trial = NamingTrials.All.Single(trial => trial.Name == name);
        if (trial.DotNet is { } change)
        {
            var source = Copied(change.File, change.File);
            change.ApplyTo(_directory);
            Assert.Contains(change.New, await File.ReadAllTextAsync(source), StringComparison.Ordinal);
        }
        else
        {
            var source = Copied($"priv/python/snakepit_worker/{trial.Python!.Source}", $"python/snakepit_worker/{trial.Python.Source}");
            trial.Python.ApplyTo(_directory);
            var compiled = await Subprocess.RunAsync(
                await ThisMachine.PythonAsync(), ["-W", "error", "-m", "py_compile", source], CancellationToken.None);
            Assert.True(compiled.ExitCode == 0, compiled.Errors);
        }
    }

    [Fact]
    public void There_are_enough_trials_in_each_language_and_over_each_transport()
    {
        var slower = NamingTrials.All.Where(trial => !trial.IsIdentical).ToList();
        Assert.Equal((12, 12), (slower.Count(trial => trial.DotNet is not null), slower.Count(trial => trial.Python is not null)));
        Assert.Equal(10, NamingTrials.All.Count(trial => trial.IsIdentical));
        Assert.All(
            slower.CountBy(trial => (trial.Transport, trial.DotNet is null)), group => Assert.InRange(group.Value, 4, int.MaxValue));
    }

    [Fact]
    public void The_slower_function_must_be_named_first_with_what_was_added()
    {
        var outcome = NamingOutcome.Of(Slower, Ranking(("Pool.Run", 4.5), ("Pool.Find", 0)));
        Assert.Equal((1, true, true), (outcome.Rank, outcome.IsRight, outcome.IsAsLarge));
        Assert.Empty(outcome.Wrong);

        var second = NamingOutcome.Of(Slower, Ranking(("Pool.Run", 2), ("Pool.Find", 9)));
        Assert.Equal((2, false, false), (second.Rank, second.IsRight, second.IsAsLarge));
        Assert.Equal("Pool.Find", Assert.Single(second.Wrong).Function.Function);

        Assert.Equal(0, NamingOutcome.Of(Slower, Ranking(("Pool.Find", 0))).Rank);
    }

    [Fact]
    public void Nothing_may_be_named_on_identical_sides()
    {
        var identical = new NamingTrial(WorkerTransport.Grpc, "", 0);
        Assert.True(NamingOutcome.Of(identical, Ranking(("Pool.Run", 0))).IsRight);
        Assert.False(NamingOutcome.Of(identical, Ranking(("Pool.Run", 3))).IsRight);
    }

    /// <summary>Returns a ranking in which functions have grown by so many microseconds, with an error of a tenth.</summary>
    private static GrowthRanking Ranking(params (string Function, double Growth)[] functions) => new(
        [
            .. functions.OrderByDescending(one => one.Growth).Select(one => new FunctionGrowth(
                new Frame(one.Function, "Snakepit", IsOwn: true), 10 + one.Growth, 10, SamplingError: 0.1, RoundError: 0.1)),
        ],
        20,
        10);

    private string Copied(string from, string to)
    {
        var path = Path.Combine(_directory, to);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(Path.Combine(Workspace.Current.Root, from), path);
        return path;
    }
}
