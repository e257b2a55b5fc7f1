namespace Snakepit.Tests.Functional.Support;

/// <summary>Methods for pools and their streams that many tests need.</summary>
internal static class PoolExtensions
{
    /// <summary>Returns the process ids of the workers.</summary>
    public static int[] ProcessIds(this SnakepitPool pool) => [.. pool.GetStatistics().Workers.Select(worker => worker.ProcessId)];

    /// <summary>Returns the id of the template, the process from which the workers of the pool were forked.</summary>
    public static int TemplateId(this SnakepitPool pool) => OsProcess.ParentOf(pool.ProcessIds()[0]);

    /// <summary>Returns the directory that contains the sockets of the pool.</summary>
    public static string SocketDirectory(this SnakepitPool pool) =>
        Path.GetDirectoryName(pool.GetStatistics().Workers[0].Endpoint["unix:".Length..])!;

    /// <summary>Waits until the pool has exactly <paramref name="workers"/> workers and all of them are idle.</summary>
    public static Task WaitForIdleWorkers(this SnakepitPool pool, int workers) => Eventually.True(
        () => pool.GetStatistics() is var now && now.Count(WorkerState.Idle) == workers && now.Workers.Length == workers,
        $"the pool has {workers} workers, all idle");

    /// <summary>Reads the stream to its end and returns its chunks.</summary>
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
