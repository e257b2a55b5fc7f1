using System.Diagnostics.Metrics;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Telemetry;

/// <summary>Tests that calls cost no memory for listeners while nobody listens.</summary>
[Collection(Alone.Name)] // no other test may listen
public abstract class UnheardCalls<T>
    where T : ITestTransport
{
    private const int Calls = 2_000;

    [PythonFact]
    public async Task A_call_allocates_nothing_for_listeners_before_anybody_listens_and_after_they_have_gone()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = 1 }).InTime();
        await BytesACallAsync(pool); // compiles all code
        var before = await BytesACallAsync(pool);
        long heard;
        using (var meters = new MeterListener { InstrumentPublished = Enable })
        {
            meters.Start();
            heard = await BytesACallAsync(pool);
        }

        Assert.True(heard > before, $"a call takes {heard} bytes with a listener and {before} without");
        Assert.Equal(before, await BytesACallAsync(pool));
    }

    private static void Enable(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == SnakepitTelemetry.MeterName)
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    /// <summary>
    /// Returns how many bytes the caller's thread allocates for a call: the median of many calls, because the answer of a few arrives
    /// before the caller waits for it. What other threads allocate depends on chance, for example on how many bytes a socket delivers.
    /// </summary>
    private static async Task<long> BytesACallAsync(SnakepitPool pool)
    {
        var allocated = new long[Calls];
        for (var call = 0; call < Calls; call++)
        {
            allocated[call] = await BeginAsync();
        }

        Array.Sort(allocated);
        return allocated[Calls / 2];

        async Task<long> BeginAsync()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var answer = pool.ExecuteAsync("pid");
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            await answer.ConfigureAwait(false);
            return bytes;
        }
    }
}

public sealed class UnheardCallsOverGrpc : UnheardCalls<OverGrpc>;

public sealed class UnheardCallsOverDirect : UnheardCalls<OverDirect>;
