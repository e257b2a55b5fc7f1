using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host;
using Snakepit.Benchmarks.Host.Slots;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests the slots that make vectors of texts, and train and use a model, and that each fails if a result is wrong.</summary>
public sealed class SlotsOfModels
{
    private const int HeldOut = 56; // one in four of 58 texts in each of four languages, rounded down

    [NumpyTheory]
    [InlineData(WorkerTransport.Grpc)]
    [InlineData(WorkerTransport.Direct)]
    public async Task A_host_trains_a_model_and_uses_it_in_any_worker_and_leaves_no_process(WorkerTransport transport)
    {
        var arm = await Arm.StartAsync(
            Side.Candidate, CandidateBuild.Directory, await ThisMachine.PythonAsync(), settled: false, CancellationToken.None);
        List<int> family;
        await using (arm)
        {
            await arm.RunAsync(new TransportSlot(transport), CancellationToken.None);
            await arm.RunAsync(new ArrayToolsSlot(), CancellationToken.None);
            await arm.RunAsync(new StartSlot(Workers: 2), CancellationToken.None);
            var trained = await arm.RunAsync(new TrainModelSlot(), CancellationToken.None);
            Assert.InRange(trained.Right, 0.95 * HeldOut, HeldOut);
            Assert.InRange(trained.Ms, 1, 60_000);

            var embedded = await arm.RunAsync(new EmbedSlot(Callers: 3, Count: 250), CancellationToken.None); // more than there are
            Assert.Equal(250, embedded.Calls);
            Assert.InRange(embedded.Rate, 1, 1e7);
            var beside = await arm.RunAsync(new EmbedBesideSlot(Count: 250), CancellationToken.None);
            Assert.Equal(250, beside.Calls);
            Assert.InRange(beside.Rate, 1, 1e7);
            Assert.InRange(embedded.HostCpuUs + embedded.WorkerCpuUs, beside.CpuUs / 2, 1e6);

            foreach (var size in (int[])[1, 8, 64])
            {
                var told = await arm.RunAsync(new PredictSlot(size, Callers: 3, Count: 5), CancellationToken.None);
                Assert.Equal((5 * size, 5), (told.Calls, told.Samples.Length));
                Assert.InRange(told.Rate, 1, 1e7);
                Assert.All(told.Samples, microseconds => Assert.InRange(microseconds, 1, 20_000_000));
            }

            family = [.. OsProcess.All().Where(pid => OsProcess.Descends(pid, arm.ProcessId))];
            Assert.True(family.Count >= 4, $"only {family.Count} processes"); // a template, two workers and the process without a pool
        }

        foreach (var process in family)
        {
            await OsProcess.Gone(process);
        }
    }

    [NumpyTheory]
    [InlineData("NothingLearned", "The model tells the language of 14 of 56 texts, and 95")]
    [InlineData("LostEpoch", "A stream of 20 chunks has ended after 19")]
    public async Task A_model_that_has_learned_too_little_fails_the_slot_that_trains_it(string adapter, string error)
    {
        await using var state = await StartAsync(adapter);
        Assert.Contains(error, await FailureOf(state, new TrainModelSlot()), StringComparison.Ordinal);
    }

    [NumpyFact]
    public async Task A_vector_that_another_process_makes_otherwise_fails_the_slot_that_makes_vectors()
    {
        await using var state = await StartAsync("WrongVector");
        var error = await FailureOf(state, new EmbedSlot(Callers: 1, Count: 1));
        Assert.Contains("is not the one that a process without a pool makes", error, StringComparison.Ordinal);
    }

    [NumpyTheory]
    [InlineData("WrongLanguage", "just after the training")]
    [InlineData("MixedVectors", "is not the one that a process without a pool makes")]
    public async Task A_wrong_language_and_a_wrong_vector_fail_the_slot_that_uses_a_model(string adapter, string error)
    {
        await using var state = await StartAsync(adapter);
        var slot = new PredictSlot(Size: 4, Callers: 1, Count: 1);
        Assert.Contains("No model was trained", await FailureOf(state, slot), StringComparison.Ordinal);
        Assert.Null((await RunAsync(state, new TrainModelSlot())).Error);
        Assert.Contains(error, await FailureOf(state, slot), StringComparison.Ordinal);
    }

    private static async Task<HostState> StartAsync(string adapter)
    {
        var state = new HostState();
        state.Keep(await SnakepitPool.StartAsync(Probe.Options with { Adapter = $"wrong_models:{adapter}" }).InTime());
        return state;
    }

    private static async Task<string> FailureOf(HostState state, Slot slot) =>
        (await RunAsync(state, slot)).Error ?? throw new InvalidOperationException($"{slot} has not failed.");

    private static Task<SlotReply> RunAsync(HostState state, Slot slot) =>
        SlotHandlers.All.RunAsync(state, SlotRequest.Read(SlotRequest.Line(1, slot))).InTime();
}
