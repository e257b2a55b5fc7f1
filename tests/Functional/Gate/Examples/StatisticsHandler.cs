using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slot that measures how long it takes to read the statistics of the pool.</summary>
internal static class StatisticsHandler
{
    public static async Task<StatisticsReply> RunAsync(HostState state, StatisticsSlot slot)
    {
        var workers = 0;
        var milliseconds = await SingleCaller.RunAsync(slot.Count, () =>
        {
            workers = state.Pool.GetStatistics().Workers.Length;
            return Task.CompletedTask;
        });
        return new StatisticsReply { MedianUs = new Sample(milliseconds).Median * 1000, Workers = workers };
    }
}
