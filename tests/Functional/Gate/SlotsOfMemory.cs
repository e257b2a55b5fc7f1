using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Host.Slots;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests the slots that measure memory, and that they find leaks of 100 bytes a call and what workers leave open.</summary>
public sealed class SlotsOfMemory
{
    private const double Limit = 20, Leak = 100;

    private static readonly GrowthSlot Pings = new(GrowthLoad.Pings, Batches: 8, Count: 400);
    private static readonly GrowthSlot Mixed = new(GrowthLoad.Mixed, Batches: 8, Count: 40);

    [Fact]
    public async Task Calls_leave_no_memory_in_use()
    {
        await using var arm = await StartAsync(Fault.None);
        foreach (var slot in new[] { Pings, Mixed with { Count = 100 } })
        {
            await arm.RunAsync(slot, CancellationToken.None); // what is allocated once, as for a new thread, is no leak
            var growth = await arm.RunAsync(slot, CancellationToken.None);
            Assert.InRange(growth.HostUpper, -Leak, Limit);
            Assert.InRange(growth.WorkersUpper, -Leak, Limit);
            Assert.InRange(growth.WorkerDescriptors, 3, 50);
            Assert.Equal(1, growth.WorkerThreads);
            Assert.InRange(growth.HostDescriptors, 3, 1_000);
            Assert.InRange(growth.HostThreads, 3, 1_000);
        }
    }

    [Fact]
    public async Task A_leak_of_a_hundred_bytes_a_call_is_found_in_dotnet()
    {
        await using var arm = await StartAsync(new Fault(nameof(HostLeak), Leak));
        foreach (var slot in new[] { Pings, Mixed })
        {
            await arm.RunAsync(slot, CancellationToken.None); // what is allocated once is no leak
            var growth = await arm.RunAsync(slot, CancellationToken.None);
            Assert.InRange(growth.Host, 0.8 * Leak, 1.6 * Leak);
            Assert.InRange(growth.HostUpper, growth.Host, 2 * Leak);
            Assert.InRange(growth.WorkersUpper, -Leak, Limit);
        }
    }

    [Fact]
    public async Task A_leak_of_a_hundred_bytes_a_call_is_found_in_python()
    {
        await using var arm = await StartAsync(new Fault(nameof(WorkerLeak), Leak));
        foreach (var slot in new[] { Pings, Mixed })
        {
            var growth = await arm.RunAsync(slot, CancellationToken.None);
            Assert.InRange(growth.Workers, 0.8 * Leak, 1.6 * Leak); // with what malloc and the list add
            Assert.InRange(growth.WorkersUpper, growth.Workers, 2 * Leak);
        }
    }

    [PythonFact]
    public async Task What_a_worker_leaves_open_fails_the_slot_and_is_named()
    {
        Assert.Contains("worker 1 has left open /dev/null (8 times)", await FailureAsync("file"), StringComparison.Ordinal);
        Assert.Matches("has left the thread [0-9]+ ", await FailureAsync("thread"));
        Assert.Contains("has closed /dev/zero", await FailureAsync("close"), StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task The_memory_of_an_idle_pool_and_of_one_under_load_is_measured()
    {
        await using var state = new HostState { Transport = WorkerTransport.Direct };
        state.Keep(await SnakepitPool.StartAsync(state.Options(workers: 2)).InTime());
        foreach (var slot in new[] { new MemoryUseSlot(), new MemoryUseSlot(Callers: 4, Milliseconds: 200) })
        {
            var use = await MemoryHandlers.MeasureUseAsync(state, slot).InTime();
            Assert.InRange(use.WorkerPss, 0.5, use.WorkerRss);
            Assert.InRange(use.WorkerRss, use.WorkerPss, 200);
            Assert.InRange(use.TemplatePss, 0.5, use.TemplateRss);
            Assert.InRange(use.TemplateRss, use.TemplatePss, 200);
            Assert.InRange(use.HostHeap, 0.5, use.HostWorkingSet);
        }
    }

    [Fact]
    public void Open_files_and_threads_of_this_process_are_found_by_their_names()
    {
        using var null1 = File.OpenRead("/dev/null");
        var before = OpenResources.Of(Environment.ProcessId);
        Assert.Contains("/dev/null", before.Descriptors);
        Assert.Contains(before.Threads, thread => thread.StartsWith($"{Environment.ProcessId} ", StringComparison.Ordinal));
        before.RequireSame(before, "this process");
        var fewer = before with { Descriptors = ["a", "b", "b"], Threads = ["1 one"] };
        var more = before with { Descriptors = ["b", "b", "b", "c"], Threads = ["2 two"] };
        var failure = Assert.Throws<InvalidOperationException>(() => more.RequireSame(fewer, "it"));
        Assert.Equal(
            "After the load, it has left open b, and has left open c, and has closed a, and has left the thread 2 two, "
            + "and has lost the thread 1 one.",
            failure.Message);
    }

    private static async Task<string> FailureAsync(string leftover)
    {
        await using var state = new HostState { Transport = WorkerTransport.Direct };
        state.Keep(await SnakepitPool.StartAsync(Probe.Options with
        {
            Adapter = "leftovers",
            Workers = 1,
            Transport = WorkerTransport.Direct,
            EnvironmentVariables = new Dictionary<string, string> { ["LEFTOVER"] = leftover },
        }).InTime());
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => MemoryHandlers.MeasureGrowthAsync(state, Pings with { Count = 1 })).InTime();
        return failure.Message;
    }

    private static async Task<Arm> StartAsync(Fault fault)
    {
        var python = await ThisMachine.PythonAsync();
        var arm = await Arm.StartAsync(Side.Candidate, CandidateBuild.Directory, python, settled: true, CancellationToken.None);
        await arm.RunAsync(new TransportSlot(WorkerTransport.Direct), CancellationToken.None);
        await arm.RunAsync(fault, CancellationToken.None);
        await arm.RunAsync(new StartGrowthSlot(Workers: 1), CancellationToken.None);
        return arm;
    }
}
