using System.Diagnostics;
using System.Globalization;
using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Profiling;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;
using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Profiling;

/// <summary>Tests that a traced host goes on whatever happens to the tracer, and that what cannot be traced is told.</summary>
public sealed class Tracers : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-tracers-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_host_runs_on_when_its_tracer_is_killed()
    {
        var before = Tracing().ToHashSet();
        await using var tracer = TracerSampler.Start();
        var own = Assert.Single(Tracing(), process => !before.Contains(process));
        var sampling = tracer.Prepare(_directory);
        await using var arm = await StartAsync(sampling);
        await arm.RunAsync(new StartSlot(Workers: 2), CancellationToken.None);
        var running = arm.RunAsync(new ClosedLoopSlot(Callers: 4, Milliseconds: 1_000), CancellationToken.None);
        Signals.Send(own, Signals.Kill);
        Assert.InRange((await running).Calls, 1, double.MaxValue);
        Assert.InRange((await arm.RunAsync(new ClosedLoopSlot(4, 100), CancellationToken.None)).Calls, 1, double.MaxValue);
        var lost = await Assert.ThrowsAsync<SamplingException>(sampling.EndAsync);
        Assert.StartsWith("the tracer has ended", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_samples_of_a_host_that_was_killed_are_lost_and_nothing_waits_for_them()
    {
        await using var tracer = TracerSampler.Start();
        var sampling = tracer.Prepare(_directory);
        await using var arm = await StartAsync(sampling);
        arm.Kill();
        await OsProcess.Gone(arm.ProcessId);
        var lost = await Assert.ThrowsAsync<SamplingException>(sampling.EndAsync);
        Assert.Contains($"process {arm.ProcessId} has ended", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_somebody_else_traces_is_told()
    {
        await using var first = TracerSampler.Start();
        await using var second = TracerSampler.Start();
        await using var arm = await StartAsync(first.Prepare(_directory));
        var refused = await Assert.ThrowsAsync<SamplingException>(() => second.Prepare(_directory).BeginAsync(arm.ProcessId));
        var told = $"process {arm.ProcessId} cannot be traced: Operation not permitted. Something else traces it";
        Assert.StartsWith(told, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_does_not_exist_is_told()
    {
        await using var tracer = TracerSampler.Start();
        var refused = await Assert.ThrowsAsync<SamplingException>(() => tracer.Prepare(_directory).BeginAsync(int.MaxValue));
        Assert.Equal($"process {int.MaxValue} cannot be traced: No such process", refused.Message);
    }

    [Fact]
    public async Task Samples_tell_what_a_host_did_and_its_workers()
    {
        await using var tracer = TracerSampler.Start();
        await using var python = new PythonSampler();
        var (ofHost, ofWorkers) = (tracer.Prepare(_directory), python.Prepare(_directory));
        await using var arm = await StartAsync(ofHost, ofWorkers);
        await arm.RunAsync(new StartSlot(Workers: 2), CancellationToken.None);
        var began = Stopwatch.GetTimestamp();
        var reply = await arm.RunAsync(new ClosedLoopSlot(Callers: 8, Milliseconds: 1_500), CancellationToken.None);
        var ended = Stopwatch.GetTimestamp();

        var host = (await ofHost.EndAsync()).Where(sample => sample.Time >= began && sample.Time <= ended).ToList();
        Assert.Equal(reply.HostCpuUs * reply.Calls, host.Sum(sample => sample.Cost), reply.HostCpuUs * reply.Calls / 3);
        Assert.Contains(host, sample => sample.Frames.Any(frame => frame is { Function: "CallRunner.CallAsync", IsOwn: true }));
        var unnamed = host.Count(sample => sample.Frames.Any(frame => frame.Module == "(unknown)"));
        Assert.InRange(unnamed, 0, host.Count / 5);

        var workers = (await ofWorkers.EndAsync()).Where(sample => sample.Time >= began && sample.Time <= ended).ToList();
        var spent = reply.WorkerCpuUs * reply.Calls;
        Assert.InRange(workers.Sum(sample => sample.Cost), spent / 4, spent * 1.1);
        Assert.Contains(
            workers, sample => sample.Frames.Any(frame => frame is { Module: "snakepit_worker/dispatch/plain_calls.py", IsOwn: true }));
    }

    private static async Task<Arm> StartAsync(params ISampling[] samplings) => await Arm.StartAsync(
        Side.Candidate, CandidateBuild.Directory, await ThisMachine.PythonAsync(), settled: true, CancellationToken.None,
        new BeginningOnly(samplings));

    /// <summary>Returns the ids of the tracer processes that this process has started.</summary>
    private static IEnumerable<int> Tracing() => Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName).Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .Where(name => CommandLineOf(name!) is { } line && line.Contains("Snakepit.Benchmarks.dll\0trace\0", StringComparison.Ordinal)
            && File.ReadAllText($"/proc/{name}/stat").Split(' ')[3] == $"{Environment.ProcessId}")
        .Select(name => int.Parse(name!, CultureInfo.InvariantCulture));

    private static string? CommandLineOf(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return null; // it has ended
        }
    }

    /// <summary>Begins to sample a host, and leaves the end to the test.</summary>
    private sealed class BeginningOnly(ISampling[] samplings) : IArmObserver
    {
        public void SetUp(IDictionary<string, string?> environment) => Array.ForEach(samplings, sampling => sampling.SetUp(environment));

        public async Task StartedAsync(int processId)
        {
            foreach (var sampling in samplings)
            {
                await sampling.BeginAsync(processId);
            }
        }

        public void Ran(Benchmarks.Protocol.Slot slot, Benchmarks.Protocol.Reply reply, long began, long ended)
        {
        }

        public Task EndingAsync() => Task.CompletedTask;
    }
}
