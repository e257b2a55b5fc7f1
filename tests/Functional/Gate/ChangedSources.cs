using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Subprocesses;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests the faults that change sources of the Python package, in the copy of the build from which the candidate runs.</summary>
public sealed class ChangedSources : IDisposable
{
    private const double Amount = 20; // milliseconds or microseconds, as the fault has it

    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-changed-").FullName;

    public static TheoryData<string> Faults => [.. AllFaults.Names.Where(name => AllFaults.Create(name, Amount).Patches.Count > 0)];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Every_change_fits_the_sources_and_compiles(string fault)
    {
        foreach (var patch in AllFaults.Create(fault, Amount).Patches)
        {
            var path = Path.Combine(_directory, "python", "snakepit_worker", patch.Source);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(Path.Combine(Workspace.Current.Root, "priv", "python", "snakepit_worker", patch.Source), path);
            patch.ApplyTo(_directory);
            var compiled = await Subprocess.RunAsync(
                await ThisMachine.PythonAsync(), ["-W", "error", "-m", "py_compile", path], CancellationToken.None);
            Assert.True(compiled.ExitCode == 0, compiled.Errors);
        }
    }

    [Theory]
    [InlineData("a = 1\n", 0)]
    [InlineData("b = 2\nb = 2\n", 2)]
    [InlineData(null, 0)]
    public void A_change_that_does_not_fit_is_told_with_the_file_and_the_text(string? source, int places)
    {
        var path = Path.Combine(_directory, "python", "snakepit_worker", "module.py");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (source is not null)
        {
            File.WriteAllText(path, source);
        }

        var patch = SourcePatch.Before("module.py", "b = 2", "a = 1");
        var told = Assert.Throws<InvalidOperationException>(() => patch.ApplyTo(_directory)).Message;
        Assert.Equal($"A fault changes one place in {path}, and there are {places} with the text 'b = 2'.", told);
    }

    [Fact]
    public async Task Only_the_candidate_runs_from_changed_sources_in_both_arrangements_of_the_sides()
    {
        using var builds = Copied();
        builds.Inject(new Fault(nameof(WaitingSessions), Amount));
        foreach (var swapped in (bool[])[false, true])
        {
            Assert.InRange(await CallAsync(Side.Candidate, swapped), Amount, 5_000);
            Assert.InRange(await CallAsync(Side.Pin, swapped), 0, Amount);
        }

        // Returns the shortest of several calls, in milliseconds.
        async Task<double> CallAsync(Side side, bool swapped)
        {
            await using var arm = await StartAsync(builds, side, swapped);
            await arm.RunAsync(new StartToolsSlot(Workers: 1), CancellationToken.None);
            var calls = await arm.RunAsync(new HostCallSlot(Count: 5), CancellationToken.None);
            var loop = await arm.RunAsync(new SessionLoopSlot(SessionUse.Prefer, Callers: 1, Milliseconds: 300), CancellationToken.None);
            Assert.Equal(5, calls.Samples.Length);
            return 1_000 / loop.Rate;
        }
    }

    [Fact]
    public async Task A_changed_transport_serves_calls_and_a_changed_stream_has_all_its_chunks()
    {
        using var builds = Copied();
        builds.Inject(new Fault(nameof(SplitDirectFrames)));
        builds.Inject(new Fault(nameof(SlowChunks), Amount));
        await using var arm = await StartAsync(builds, Side.Candidate, swapped: false);
        await arm.RunAsync(new TransportSlot(WorkerTransport.Direct), CancellationToken.None);
        await arm.RunAsync(new StartToolsSlot(Workers: 2), CancellationToken.None);
        Assert.Equal(100, (await arm.RunAsync(new StreamsSlot(Streams: 2, Chunks: 50), CancellationToken.None)).Calls);
        Assert.Equal(5, (await arm.RunAsync(new SingleCallerSlot(Count: 5), CancellationToken.None)).Samples.Length);
    }

    [Fact]
    public async Task A_pool_whose_template_and_workers_poll_wakes_up_more_often()
    {
        using var builds = Copied();
        builds.Inject(new Fault(nameof(PollingTemplate), Amount));
        builds.Inject(new Fault(nameof(PollingWorkers), Amount));
        await using var arm = await StartAsync(builds, Side.Candidate, swapped: true);
        await arm.RunAsync(new StartSlot(Workers: 2), CancellationToken.None);
        var idle = await arm.RunAsync(new IdleSlot(Milliseconds: 500), CancellationToken.None);
        Assert.InRange(idle.TemplateWakeUps, 10, 1_000);
        Assert.InRange(idle.WorkersWakeUps, 20, 2_000);
    }

    private Builds Copied() =>
        new(Staging.Create(Path.Combine(_directory, "arms"), CandidateBuild.Directory, CandidateBuild.Directory), Pin: "a commit");

    private static async Task<Arm> StartAsync(Builds builds, Side side, bool swapped) => await Arm.StartAsync(
        side, builds.Staging.DirectoryOf(side, swapped), await ThisMachine.PythonAsync(), settled: false, CancellationToken.None);
}
