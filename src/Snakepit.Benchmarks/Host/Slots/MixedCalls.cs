using Snakepit.Benchmarks.Host.Meters;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>One call of each kind, one after another, with a check of each answer.</summary>
internal static class MixedCalls
{
    private const int Chunks = 3, Characters = 1_000;
    private const int ArrayBytes = 100_000; // large enough for shared memory

    private static readonly string Text = new('x', Characters);
    private static readonly byte[] Array = [.. Enumerable.Range(0, ArrayBytes).Select(i => (byte)i)];
    private static long _sessions;

    /// <summary>
    /// Makes a ping, sends a text there and back and then an array, reads a stream, opens a session, calls it and closes it, and calls
    /// Python, which calls .NET.
    /// </summary>
    public static async Task MakeAsync(HostState state)
    {
        var pool = state.Pool;
        await state.PingAsync();
        Require((await pool.ExecuteAsync<Echo<string>>("echo", new { value = Text })).Value.Length == Characters, "text");
        Require((await pool.ExecuteAsync<Echo<byte[]>>("echo", new { value = Array })).Value.AsSpan().SequenceEqual(Array), "array");
        var check = new ChunkCheck(Chunks);
        await foreach (var chunk in pool.StreamAsync<Progress>("stream_progress", new { steps = Chunks }))
        {
            check.Take(chunk.Step);
        }

        check.RequireAll();
        await using (var session = new CountedSession(pool.OpenSession($"mixed {Interlocked.Increment(ref _sessions)}", AffinityMode.Wait)))
        {
            await session.CallAsync();
        }

        Require((await pool.ExecuteAsync<int[]>("call_host", new { times = 1 })).Length == 1, "call from Python to .NET");
    }

    private static void Require(bool isRight, string what)
    {
        if (!isRight)
        {
            throw new InvalidOperationException($"The {what} has not come back as it was sent.");
        }
    }

    private sealed record Echo<T>(T Value);

    private sealed record Progress(int Step);
}
