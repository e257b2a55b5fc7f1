using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Host.Slots;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests the slots that send JSON and arrays, and that each fails if a single value is not what was sent.</summary>
public sealed class SlotsOfPayloads
{
    [NumpyTheory]
    [InlineData(WorkerTransport.Grpc)]
    [InlineData(WorkerTransport.Direct)]
    public async Task A_host_measures_data_of_every_kind_and_counts_what_a_call_allocates(WorkerTransport transport)
    {
        const double Large = 1_000_000;
        await using var arm = await Arm.StartAsync(
            Side.Candidate, CandidateBuild.Directory, await ThisMachine.PythonAsync(), settled: false, CancellationToken.None);
        await arm.RunAsync(new TransportSlot(transport), CancellationToken.None);
        await arm.RunAsync(new ArrayToolsSlot(), CancellationToken.None);
        await arm.RunAsync(new StartSlot(Workers: 2), CancellationToken.None);
        foreach (var kind in Enum.GetValues<TransferKind>())
        {
            foreach (var bytes in (double[])[1_000, 100_000])
            {
                var times = await arm.RunAsync(new TransferSlot(kind, bytes, Count: 3), CancellationToken.None);
                Assert.Equal(3, times.Samples.Length);
                Assert.All(times.Samples, microseconds => Assert.InRange(microseconds, 1, 20_000_000));
            }
        }

        var json = await arm.RunAsync(new TransferAllocationsSlot(TransferKind.Records, 10_000), CancellationToken.None);
        Assert.InRange(json.HostBytes, 10_000, 1_000_000); // at least the texts of the result
        Assert.InRange(json.WorkerBytes, 10_000, 1_000_000);

        // An array of .NET for the result, and no copy in Python, neither of the argument nor of the result.
        var array = await arm.RunAsync(new TransferAllocationsSlot(TransferKind.Array, Large), CancellationToken.None);
        Assert.InRange(array.HostBytes, Large, 1.1 * Large);
        Assert.InRange(array.WorkerBytes, 100, 0.1 * Large);
        var argument = await arm.RunAsync(new TransferAllocationsSlot(TransferKind.Argument, Large), CancellationToken.None);
        Assert.InRange(argument.HostBytes, 100, 0.1 * Large);
    }

    [PythonTheory]
    [InlineData(nameof(TransferKind.Records), "Of 17 records that were sent, 17 came back, and only the first 16 are right")]
    [InlineData(nameof(TransferKind.Numbers), "Of 250 numbers that were sent, 249 came back, and only the first 249 are right")]
    [InlineData(nameof(TransferKind.Array), "Of 250 numbers that were sent, 250 came back, and only the first 3 are right")]
    [InlineData(nameof(TransferKind.Argument), "Of 250 numbers that were sent, Python got 249 right")]
    [InlineData(nameof(TransferKind.Result), "Of 250 numbers that were sent, 250 came back, and only the first 7 are right")]
    public async Task One_wrong_value_fails_the_slots_that_send_data(string name, string error)
    {
        await using var state = new HostState();
        state.Keep(await SnakepitPool.StartAsync(Probe.Options with { Adapter = "wrong_payloads" }).InTime());
        var kind = Enum.Parse<TransferKind>(name);
        foreach (Slot slot in (Slot[])[new TransferSlot(kind, 1_000, Count: 1), new TransferAllocationsSlot(kind, 1_000)])
        {
            var reply = await SlotHandlers.All.RunAsync(state, SlotRequest.Read(SlotRequest.Line(1, slot))).InTime();
            Assert.Contains(error, reply.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(10_000)]
    public void Records_have_the_size_that_is_asked_for(int bytes)
    {
        var json = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(MadeUpRecords.OfJson(bytes));
        Assert.InRange(json.Length, bytes, 1.1 * bytes);
    }
}
