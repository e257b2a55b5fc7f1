using System.Collections.Concurrent;
using System.Diagnostics;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Load;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>Runs the slots that make calls of sessions. Each fails if the state of a session is wrong.</summary>
internal static class SessionHandlers
{
    public static async Task<SessionLoopReply> RunLoopAsync(HostState state, SessionLoopSlot slot)
    {
        var affinity = slot.Use == SessionUse.Wait ? AffinityMode.Wait : AffinityMode.Prefer;
        var sessions = slot.Use == SessionUse.None ? [] : Open(state.Pool, slot.Callers, affinity);
        try
        {
            await EachAsync(sessions, session => session.CallAsync()); // a session's first call chooses its worker
            var (free, times) = (new ConcurrentQueue<CountedSession>(sessions), new ConcurrentQueue<double>());
            var result = await ClosedLoop.RunAsync(slot.Callers, TimeSpan.FromMilliseconds(slot.Milliseconds), async () =>
            {
                var start = Stopwatch.GetTimestamp();
                if (free.TryDequeue(out var session))
                {
                    await session.CallAsync();
                    free.Enqueue(session);
                }
                else
                {
                    await state.Pool.ExecuteAsync<Counted>("count_up");
                }

                times.Enqueue(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            });
            LoadHandlers.ThrowIfAny(result.Errors, result.FirstError);
            await EachAsync(sessions, session => session.RequireRightAsync());
            return new SessionLoopReply { Rate = result.Rate, Calls = result.Calls, P99Ms = new Sample(times).Quantile(0.99) };
        }
        finally
        {
            await CloseAsync(sessions);
        }
    }

    public static async Task<ZipfSessionsReply> RunZipfAsync(HostState state, ZipfSessionsSlot slot)
    {
        var (sessions, draws, next) = (
            Open(state.Pool, slot.Sessions, AffinityMode.Wait), ZipfDraws.Of(slot.Sessions, slot.Count, slot.Seed), -1);
        try
        {
            await EachAsync(sessions, session => session.CallAsync(), slot.Callers);
            var result = await ClosedLoop.RunAsync(
                slot.Callers, slot.Count, () => sessions[draws[Interlocked.Increment(ref next)]].CallAsync());
            LoadHandlers.ThrowIfAny(result.Errors, result.FirstError);
            return new ZipfSessionsReply
            {
                Rate = result.Rate,
                Calls = result.Calls,
                Right = await EachAsync(sessions, session => session.RequireRightAsync(), slot.Callers),
                Homes = sessions.Select(session => session.Worker).Distinct().Count(),
            };
        }
        finally
        {
            await CloseAsync(sessions);
        }
    }

    private static CountedSession[] Open(SnakepitPool pool, int count, AffinityMode affinity) =>
        [.. Enumerable.Range(1, count).Select(number => new CountedSession(pool.OpenSession($"session {number}", affinity)))];

    /// <summary>Makes a call of each session, and returns the number of calls, all of which have succeeded.</summary>
    private static async Task<long> EachAsync(CountedSession[] sessions, Func<CountedSession, Task> call, int callers = 1)
    {
        var next = -1;
        var result = await ClosedLoop.RunAsync(callers, sessions.Length, () => call(sessions[Interlocked.Increment(ref next)]));
        LoadHandlers.ThrowIfAny(result.Errors, result.FirstError);
        return result.Calls;
    }

    private static async Task CloseAsync(CountedSession[] sessions)
    {
        foreach (var session in sessions)
        {
            await session.DisposeAsync();
        }
    }

    private sealed record Counted(int Count);
}
