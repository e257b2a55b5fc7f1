using System.IO.Pipes;
using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests benchmark hosts as real processes, which run slots (requests for short measurements) for an orchestrator.</summary>
public sealed class Hosts
{
    private static readonly StartSlot Start = new(Workers: 2);

    [Fact]
    public async Task A_host_greets_and_measures_the_slots_that_it_is_asked_for()
    {
        await using var arm = await StartAsync();
        Assert.Equal(HostProtocol.Current, arm.Greeting.Protocol);
        Assert.Equal(CandidateBuild.Directory, Path.TrimEndingDirectorySeparator(arm.Greeting.Directory));

        var start = await arm.RunAsync(Start, CancellationToken.None);
        Assert.Equal(3, start.Processes); // a template and two workers
        Assert.InRange(start.Ms, 1, 60_000);
        Assert.InRange(start.CpuMs, 1, 60_000);

        var calls = await arm.RunAsync(new ClosedLoopSlot(Callers: 4, Milliseconds: 100), CancellationToken.None);
        Assert.InRange(calls.Calls, 1, double.MaxValue);
        Assert.Equal(2, calls.Frames, tolerance: 0.1); // one frame to the worker and one back
        Assert.InRange(calls.HostCpuUs, 1, 1e6);
        Assert.InRange(calls.WorkerCpuUs, 1, 1e6);
        Assert.InRange(calls.QueuedUs, 0.1, 1e6); // calls wait, because four callers share two workers
        Assert.InRange(calls.Compiled * calls.Calls, 1, 100_000); // methods are compiled during the first calls of a process

        var open = await arm.RunAsync(new OpenLoopSlot(Starts: [0, 1_000, 2_000, 50_000]), CancellationToken.None);
        Assert.Equal(4, open.Samples.Length);
        Assert.All(open.Samples, microseconds => Assert.InRange(microseconds, 1, 20_000_000));

        Assert.InRange((await arm.RunAsync(new MemorySlot(), CancellationToken.None)).Megabytes, 1, 100);
        Assert.InRange((await arm.RunAsync(new StopSlot(), CancellationToken.None)).Ms, 0.1, 20_000);
    }

    [Theory]
    [InlineData(true, "0", "0")]
    [InlineData(false, null, null)]
    public async Task A_settled_host_optimises_methods_without_a_profile_and_without_a_delay(bool settled, string? profiles, string? delay)
    {
        await using var arm = await StartAsync(settled);
        var environment = (await File.ReadAllTextAsync($"/proc/{arm.ProcessId}/environ"))
            .Split('\0').Select(line => line.Split('=', 2)).ToLookup(pair => pair[0], pair => pair[^1]);
        Assert.Equal(profiles, environment["DOTNET_TieredPGO"].SingleOrDefault());
        Assert.Equal(delay, environment["DOTNET_TC_CallCountingDelayMs"].SingleOrDefault());
    }

    [Fact]
    public async Task A_host_inherits_no_open_files_of_whoever_has_started_the_run()
    {
        // .NET opens this pipe so that children inherit it, as those of a shell may be.
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
        var inherited = new FileInfo($"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}").LinkTarget;
        Assert.StartsWith("pipe:", inherited);
        await using var arm = await StartAsync();
        Assert.DoesNotContain(
            new DirectoryInfo($"/proc/{arm.ProcessId}/fd").EnumerateFileSystemInfos(), file => file.LinkTarget == inherited);
    }

    [Fact]
    public void Variables_that_change_the_speed_of_a_program_do_not_reach_hosts()
    {
        var environment = new Dictionary<string, string?>
        {
            ["PATH"] = "/usr/bin",
            ["SNAKEPIT_PYTHON"] = "/usr/bin/python3",
            ["DOTNET_JITMinOpts"] = "1",
            ["COMPlus_GCHeapCount"] = "1",
            ["PYTHONDEVMODE"] = "1",
            ["GRPC_TRACE"] = "all",
            ["MALLOC_ARENA_MAX"] = "1",
            ["DOTNET_TieredCompilation"] = "0",
            ["DOTNET_TC_QuickJit"] = "0",
            ["DOTNET_ReadyToRun"] = "0",
            ["DOTNET_gcServer"] = "1",
            ["VSTEST_CONNECTION_TIMEOUT"] = "90",
        };
        DotnetEnvironment.KeepForHost(environment);
        Assert.Equal(["PATH", "SNAKEPIT_PYTHON"], environment.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_host_has_a_pool_of_each_transport_and_runs_streams_and_payloads_over_both()
    {
        await using var arm = await StartAsync();
        WorkerTransport[] transports = [WorkerTransport.Grpc, WorkerTransport.Direct];
        foreach (var transport in transports)
        {
            await arm.RunAsync(new TransportSlot(transport), CancellationToken.None);
            Assert.Equal(3, (await arm.RunAsync(Start, CancellationToken.None)).Processes);
        }

        foreach (var transport in transports)
        {
            await arm.RunAsync(new TransportSlot(transport), CancellationToken.None);
            Assert.Equal(50, (await arm.RunAsync(new StreamSlot(Chunks: 50), CancellationToken.None)).Calls);
            Assert.Equal(3, (await arm.RunAsync(new PayloadSlot(Characters: 20_000, Count: 3), CancellationToken.None)).Samples.Length);
        }
    }

    [NumpyFact]
    public async Task A_host_sends_arrays_in_every_way_and_counts_what_a_call_allocates()
    {
        const int Bytes = 1_000_000;
        await using var arm = await StartAsync();
        await arm.RunAsync(new TransportSlot(WorkerTransport.Direct), CancellationToken.None);
        await arm.RunAsync(new ArrayToolsSlot(), CancellationToken.None);
        await arm.RunAsync(Start, CancellationToken.None);
        foreach (var way in Enum.GetValues<ArrayWay>())
        {
            Assert.Equal(4, (await arm.RunAsync(new ArraySlot(way, Bytes, Count: 4), CancellationToken.None)).Samples.Length);
        }

        var allocations = await arm.RunAsync(new ArrayAllocationsSlot(Bytes), CancellationToken.None);
        Assert.InRange(allocations.HostBytes, Bytes, 1.1 * Bytes);
        Assert.InRange(allocations.WorkerBytes, 1_000, 0.1 * Bytes);
    }

    [Fact]
    public async Task A_host_that_cannot_be_started_is_a_lost_arm()
    {
        var program = new HostProgram("/nowhere/dotnet", [], "/tmp");
        var lost = await Assert.ThrowsAsync<ArmLostException>(
            () => Arm.StartAsync(Side.Pin, program, "python3", settled: false, CancellationToken.None));
        Assert.Contains("The host of the pin cannot be started", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preparation_takes_as_long_as_the_slot_asks_for()
    {
        await using var arm = await StartAsync();
        await arm.RunAsync(new PreparationSlot(Seconds: 0.5), CancellationToken.None);
        Assert.InRange((await arm.RunAsync(Start, CancellationToken.None)).PreparationMs, 500, 60_000);
    }

    [PythonFact]
    public async Task Every_worker_has_the_model_that_its_template_fitted()
    {
        await using var pool = await SnakepitPool.StartAsync(new SnakepitOptions
        {
            Adapter = "fitted_model:FittedModel",
            ModulePaths = [Path.Combine(CandidateBuild.Directory, "adapters")],
            EnvironmentVariables = new Dictionary<string, string> { ["FITTED_MODEL_SECONDS"] = "0.5" },
            Workers = 2,
        }).InTime();
        var models = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => pool.ExecuteAsync<Fitted>("accuracy"))).InTime();
        var model = Assert.Single(models.Distinct()); // every worker gave the same answer
        Assert.InRange(model.Accuracy, 0.9, 1);
        Assert.InRange(model.Epochs, 1, int.MaxValue);
    }

    private sealed record Fitted(double Accuracy, int Epochs);

    [Fact]
    public async Task A_host_that_is_ended_leaves_no_process()
    {
        var arm = await StartAsync();
        await arm.RunAsync(Start, CancellationToken.None);
        var family = OsProcess.All().Where(pid => OsProcess.Descends(pid, arm.ProcessId)).ToList();
        Assert.True(family.Count >= 3, $"only {family.Count} processes");
        await arm.DisposeAsync();
        foreach (var process in family.Append(arm.ProcessId))
        {
            await OsProcess.Gone(process);
        }
    }

    [Fact]
    public async Task A_host_that_does_not_have_a_slot_says_so_and_runs_others()
    {
        await using var arm = await StartAsync();
        var unknown = await Assert.ThrowsAsync<SlotUnknownException>(() => arm.RunAsync(new OfALaterVersion(), CancellationToken.None));
        Assert.Contains("no slot 'closed@2'", unknown.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await arm.RunAsync(Start, CancellationToken.None)).Processes);
    }

    [Fact]
    public async Task A_host_offers_every_slot_that_an_orchestrator_can_ask_for()
    {
        await using var arm = await StartAsync();
        var slots = typeof(Slot).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Slot)) && !type.IsAbstract).Select(Slot.NameOf);
        Assert.Equal(slots.Order(StringComparer.Ordinal), arm.Greeting.Slots.AsEnumerable());
    }

    [SlotName("closed", Version = 2)]
    private sealed record OfALaterVersion : Slot<EmptyReply>;

    [Fact]
    public async Task The_error_of_a_failed_slot_says_what_the_slot_threw()
    {
        await using var arm = await StartAsync();
        var lost = await Assert.ThrowsAsync<ArmLostException>(() => arm.RunAsync(new StopSlot(), CancellationToken.None));
        Assert.Contains("No pool is running", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_error_of_a_dead_host_has_its_exit_code()
    {
        await using var arm = await StartAsync();
        var running = arm.RunAsync(new SequentialStartsSlot(Workers: 50), CancellationToken.None);
        OsProcess.Kill(arm.ProcessId);
        var lost = await Assert.ThrowsAsync<ArmLostException>(() => running.InTime());
        Assert.Equal(Side.Candidate, lost.Side);
        Assert.Contains("exit code 137", lost.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(SlowService), 20_000)]
    [InlineData(nameof(SlowCaller), 20_000)]
    [InlineData(nameof(SlowTail), 0)]
    public async Task An_injected_fault_shows_in_the_candidate(string kind, double microseconds)
    {
        await using var arm = await StartAsync();
        await arm.RunAsync(new Fault(kind, microseconds), CancellationToken.None);
        await arm.RunAsync(Start, CancellationToken.None);
        var calls = await arm.RunAsync(new SingleCallerSlot(Count: 5), CancellationToken.None);
        Assert.All(calls.Samples, sample => Assert.InRange(sample, microseconds, 20_000_000));
    }

    [Fact]
    public async Task A_missing_worker_and_a_slow_preparation_can_be_injected()
    {
        await using var arm = await StartAsync();
        await arm.RunAsync(new Fault(nameof(MissingWorker)), CancellationToken.None);
        Assert.Equal(2, (await arm.RunAsync(Start, CancellationToken.None)).Processes);
        await arm.RunAsync(new StopSlot(), CancellationToken.None);
        await arm.RunAsync(new Fault(nameof(SlowPreparation), Amount: 300), CancellationToken.None);
        Assert.InRange((await arm.RunAsync(Start, CancellationToken.None)).Ms, 300, 60_000);
    }

    private static async Task<Arm> StartAsync(bool settled = false) =>
        await Arm.StartAsync(Side.Candidate, CandidateBuild.Directory, await ThisMachine.PythonAsync(), settled, CancellationToken.None);
}
