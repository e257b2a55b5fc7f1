using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slots that send data of several kinds and sizes. Each fails if the data are not what was sent.</summary>
internal static class TransferHandlers
{
    private const int CountedCalls = 10, TracedCalls = 3;

    public static async Task<TimesReply> TimeAsync(HostState state, TransferSlot slot)
    {
        await using var transfer = Transfer.Of(state.Pool, slot.Kind, (int)slot.Bytes);
        return LoadHandlers.Times(await SingleCaller.RunAsync(slot.Count, transfer.CallAsync, transfer.RequireRightAsync));
    }

    public static async Task<AllocationsReply> CountAllocationsAsync(HostState state, TransferAllocationsSlot slot)
    {
        await using var transfer = Transfer.Of(state.Pool, slot.Kind, (int)slot.Bytes);
        await transfer.CallAsync(); // the first call also allocates what later ones use again
        await transfer.RequireRightAsync();
        return new AllocationsReply
        {
            HostBytes = await MedianAsync(CountedCalls, async () =>
            {
                var before = GC.GetTotalAllocatedBytes(precise: true);
                await transfer.CallAsync();
                return GC.GetTotalAllocatedBytes(precise: true) - before;
            }),
            WorkerBytes = await MedianAsync(TracedCalls, async () =>
            {
                await transfer.Session.ExecuteAsync("begin_tracing");
                await transfer.CallAsync();
                return await transfer.Session.ExecuteAsync<double>("end_tracing");
            }),
        };

        async Task<double> MedianAsync(int count, Func<Task<double>> measure)
        {
            var measured = new double[count];
            for (var i = 0; i < count; i++)
            {
                measured[i] = await measure();
                await transfer.RequireRightAsync();
            }

            return new Sample(measured).Median;
        }
    }
}
