namespace Snakepit.Tests.Functional.Support;

/// <summary>What tests ask a pool again and again.</summary>
internal static class PoolExtensions
{
    public static int[] ProcessIds(this SnakepitPool pool) => [.. pool.GetStatistics().Workers.Select(worker => worker.ProcessId)];

    /// <summary>The process that the pool's forked workers come from.</summary>
    public static int TemplateId(this SnakepitPool pool) => OsProcess.ParentOf(pool.ProcessIds()[0]);

    /// <summary>The directory in which the pool's sockets are.</summary>
    public static string SocketDirectory(this SnakepitPool pool) =>
        Path.GetDirectoryName(pool.GetStatistics().Workers[0].Endpoint["unix:".Length..])!;

    /// <summary>Waits until as many workers as the pool wants are idle.</summary>
    public static Task IsAtFullStrength(this SnakepitPool pool, int workers) => Eventually.True(
        () => pool.GetStatistics() is var now && now.Count(WorkerState.Idle) == workers && now.Workers.Length == workers,
        $"{workers} workers are idle");

    public static async Task<List<T>> ToListAsync<T>(this IAsyncEnumerable<T> chunks)
    {
        var all = new List<T>();
        await foreach (var chunk in chunks)
        {
            all.Add(chunk);
        }

        return all;
    }
}
