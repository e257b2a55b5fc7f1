namespace Snakepit.Hosting.Health;

/// <summary>The facts about a pool that its health checks report beside their verdict.</summary>
internal static class PoolData
{
    public static IReadOnlyDictionary<string, object> Of(PoolStatistics now, SnakepitOptions options) => new Dictionary<string, object>
    {
        ["workers.limit"] = options.Workers,
        ["workers.starting"] = now.Count(WorkerState.Starting),
        ["workers.idle"] = now.Count(WorkerState.Idle),
        ["workers.busy"] = now.Count(WorkerState.Busy),
        ["workers.draining"] = now.Count(WorkerState.Draining),
        ["queue.length"] = now.QueueLength,
        ["queue.limit"] = options.QueueLimit,
        ["sessions"] = now.Sessions,
        ["calls.inFlight"] = now.Calls.InFlight,
        ["restarts"] = now.Restarts,
        ["recycles"] = now.Recycles,
        ["interruptions"] = now.Interruptions,
    };
}
