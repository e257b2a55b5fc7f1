using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slots that send arrays to workers.</summary>
internal static class ArrayHandlers
{
    private const int CountedCalls = 10;

    public static async Task<TimesReply> EchoAsync(HostState state, ArraySlot slot)
    {
        var array = MadeUpArray.Of((int)slot.Bytes / sizeof(float));
        return slot.Way switch
        {
            ArrayWay.Copied => LoadHandlers.Times(await SingleCaller.RunAsync(slot.Count, () => CopyAsync(state.Pool, array))),
            ArrayWay.Shared => await ShareAsync(state.Pool, array, slot.Count),
            _ => await LendAsync(state.Pool, array, slot.Count),
        };
    }

    public static async Task<AllocationsReply> CountAllocationsAsync(HostState state, ArrayAllocationsSlot slot)
    {
        var array = MadeUpArray.Of((int)slot.Bytes / sizeof(float));
        await using var session = state.Pool.OpenSession("allocations", AffinityMode.Wait);
        await EchoAsync(); // the first call also allocates what later ones use again
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < CountedCalls; i++)
        {
            await EchoAsync();
        }

        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        await session.ExecuteAsync("begin_tracing");
        await EchoAsync();
        return new AllocationsReply
        {
            HostBytes = (double)allocated / CountedCalls,
            WorkerBytes = await session.ExecuteAsync<double>("end_tracing"),
        };

        async Task EchoAsync() => RequireSame(array, await session.ExecuteAsync<float[]>("echo_tensor", new { array }));
    }

    private static async Task CopyAsync(SnakepitPool pool, float[] array) =>
        RequireSame(array, await pool.ExecuteAsync<float[]>("echo_tensor", new { array }));

    // An asynchronous method cannot make a span beside an await.
    private static void RequireSame(float[] sent, float[] came) => MadeUpArray.RequireSame(sent, came);

    private static async Task<TimesReply> ShareAsync(SnakepitPool pool, float[] elements, int count)
    {
        using var array = SharedArray.CopyOf<float>(elements, elements.Length);
        return LoadHandlers.Times(await SingleCaller.RunAsync(count, async () =>
        {
            using var echo = await pool.ExecuteAsync<SharedArray<float>>("echo_tensor", new { array });
            MadeUpArray.RequireSame(elements, echo.AsReadOnlySpan());
        }));
    }

    private static async Task<TimesReply> LendAsync(SnakepitPool pool, float[] elements, int count)
    {
        using var array = SharedArray.CopyOf<float>(elements, elements.Length);
        var sessions = pool.GetStatistics().Workers.Select(worker => pool.OpenSession($"lent {worker.Worker}")).ToList();
        try
        {
            var next = 0;
            await SingleCaller.RunAsync(sessions.Count, CallAsync); // a session's first call chooses its worker
            return LoadHandlers.Times(await SingleCaller.RunAsync(count, CallAsync));

            async Task CallAsync()
            {
                var length = await sessions[next++ % sessions.Count].ExecuteAsync<int>("length", new { array });
                if (length != elements.Length)
                {
                    throw new InvalidOperationException($"An array of {elements.Length:N0} elements has {length:N0} in Python.");
                }
            }
        }
        finally
        {
            foreach (var session in sessions)
            {
                await session.DisposeAsync();
            }
        }
    }
}
