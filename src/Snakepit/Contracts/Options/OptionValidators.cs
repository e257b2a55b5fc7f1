namespace Snakepit.Contracts.Options;

/// <summary>Checks every option and every combination of options once, before any process is started.</summary>
internal static class OptionValidators
{
    private static readonly TimeSpan ShortestHeartbeat = TimeSpan.FromMilliseconds(10);

    /// <summary>Checks all options of a pool.</summary>
    /// <exception cref="ArgumentException">An option is missing or out of range. The message names the option.</exception>
    public static void Validate(this SnakepitOptions options)
    {
        RequireNotNull(options);
        ValidateSizes(options);
        ValidateDurations(options);
        ValidateHeartbeat(options.Heartbeat);
        ValidateRecycling(options.Recycling);
        ValidateSessions(options.Sessions);
        ValidateHostTools(options.HostTools);
        ValidateProcesses(options);
    }

    /// <summary>Checks one duration.</summary>
    /// <param name="value">The duration.</param>
    /// <param name="name">The option's name, for the message.</param>
    /// <param name="infinite">Whether the duration may be <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The duration is zero, negative or longer than a timer can count.</exception>
    public static void RequireDuration(TimeSpan value, string name, bool infinite)
    {
        var isFinite = value > TimeSpan.Zero && value.TotalMilliseconds < uint.MaxValue - 1; // the longest time that a .NET timer accepts
        Require(isFinite || (infinite && value == Timeout.InfiniteTimeSpan), name, value,
            infinite ? "positive, below 49 days, or Timeout.InfiniteTimeSpan" : "positive and below 49 days");
    }

    private static void RequireNotNull(SnakepitOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Adapter, nameof(options.Adapter));
        ArgumentNullException.ThrowIfNull(options.ModulePaths, nameof(options.ModulePaths));
        ArgumentNullException.ThrowIfNull(options.EnvironmentVariables, nameof(options.EnvironmentVariables));
        ArgumentNullException.ThrowIfNull(options.HostTools, nameof(options.HostTools));
        ArgumentNullException.ThrowIfNull(options.Sessions, nameof(options.Sessions));
        ArgumentNullException.ThrowIfNull(options.Heartbeat, nameof(options.Heartbeat));
        ArgumentNullException.ThrowIfNull(options.Recycling, nameof(options.Recycling));
        ArgumentNullException.ThrowIfNull(options.LoggerFactory, nameof(options.LoggerFactory));
        ArgumentNullException.ThrowIfNull(options.TimeProvider, nameof(options.TimeProvider));
    }

    private static void ValidateSizes(SnakepitOptions options)
    {
        var (workers, minimum) = (options.Workers, options.MinimumReadyWorkers);
        Require(workers is >= 1 and <= 1024, nameof(options.Workers), workers, "from 1 to 1,024");
        Require(minimum is null || (minimum >= 1 && minimum <= workers), nameof(options.MinimumReadyWorkers), minimum,
            $"from 1 to {nameof(options.Workers)} ({workers})");
        Require(options.MaxConcurrentCallsPerWorker is >= 1 and <= 1024, nameof(options.MaxConcurrentCallsPerWorker),
            options.MaxConcurrentCallsPerWorker, "from 1 to 1,024");
        Require(options.StreamBuffer >= 1, nameof(options.StreamBuffer), options.StreamBuffer, "at least 1");
        Require(options.MaxPayloadBytes >= 1024, nameof(options.MaxPayloadBytes), options.MaxPayloadBytes, "at least 1,024");
        Require(options.MaxPayloadBytes <= 1024 * 1024 * 1024, nameof(options.MaxPayloadBytes), options.MaxPayloadBytes, "at most 1 GiB");
        Require(options.QueueLimit >= 0, nameof(options.QueueLimit), options.QueueLimit, "at least 0");
    }

    private static void ValidateDurations(SnakepitOptions options)
    {
        RequireDuration(options.StartTimeout, nameof(options.StartTimeout), infinite: false);
        RequireDuration(options.CallTimeout, nameof(options.CallTimeout), infinite: true);
        RequireDuration(options.StreamTimeout, nameof(options.StreamTimeout), infinite: true);
        RequireDuration(options.CancelGrace, nameof(options.CancelGrace), infinite: false);
        RequireDuration(options.QueueTimeout, nameof(options.QueueTimeout), infinite: true);
        RequireDuration(options.DrainTimeout, nameof(options.DrainTimeout), infinite: false);
        RequireDuration(options.TerminateTimeout, nameof(options.TerminateTimeout), infinite: false);
    }

    private static void ValidateHeartbeat(HeartbeatOptions heartbeat)
    {
        const string Group = nameof(SnakepitOptions.Heartbeat);
        RequireDuration(heartbeat.Interval, $"{Group}.{nameof(heartbeat.Interval)}", infinite: false);
        Require(heartbeat.Interval >= ShortestHeartbeat, $"{Group}.{nameof(heartbeat.Interval)}", heartbeat.Interval, "at least 10 ms");
        Require(heartbeat.MaxMissed >= 1, $"{Group}.{nameof(heartbeat.MaxMissed)}", heartbeat.MaxMissed, "at least 1");
    }

    private static void ValidateRecycling(RecyclingOptions recycling)
    {
        const string Group = nameof(SnakepitOptions.Recycling);
        RequireDuration(recycling.MaxAge, $"{Group}.{nameof(recycling.MaxAge)}", infinite: true);
        Require(recycling.MaxCalls is null or >= 1, $"{Group}.{nameof(recycling.MaxCalls)}", recycling.MaxCalls, "at least 1");
        Require(recycling.MaxMemoryBytes is null or >= 1024 * 1024, $"{Group}.{nameof(recycling.MaxMemoryBytes)}",
            recycling.MaxMemoryBytes, "at least 1 MiB");
        Require(recycling.Jitter is >= 0 and <= 0.9, $"{Group}.{nameof(recycling.Jitter)}", recycling.Jitter, "from 0 to 0.9");
    }

    private static void ValidateSessions(SessionOptions sessions)
    {
        const string Group = nameof(SnakepitOptions.Sessions);
        Require(sessions.Limit >= 1, $"{Group}.{nameof(sessions.Limit)}", sessions.Limit, "at least 1");
        RequireDuration(sessions.IdleTimeout, $"{Group}.{nameof(sessions.IdleTimeout)}", infinite: true);
    }

    private static void ValidateHostTools(IReadOnlyDictionary<string, HostTool> tools)
    {
        const string Name = nameof(SnakepitOptions.HostTools);
        Require(tools.Keys.All(Identifier.IsValid), Name, string.Join(", ", tools.Keys), $"named by {Identifier.Rule}");
        Require(tools.Values.All(tool => tool is not null), Name, null, "given");
    }

    private static void ValidateProcesses(SnakepitOptions options)
    {
        Require(IsText(options.Adapter), nameof(options.Adapter), options.Adapter, "text without a NUL character");
        Require(options.Name is null || Identifier.IsValid(options.Name), nameof(options.Name), options.Name, Identifier.Rule);
        Require(Enum.IsDefined(options.WorkerStart), nameof(options.WorkerStart), options.WorkerStart, "a defined value");
        Require(Enum.IsDefined(options.AfterInterruption), nameof(options.AfterInterruption), options.AfterInterruption, "a defined value");
        Require(Enum.IsDefined(options.Transport), nameof(options.Transport), options.Transport, "a defined value");
        Require(options.BlasThreads is null or >= 1, nameof(options.BlasThreads), options.BlasThreads, "at least 1");
        Require(options.HashSeed is null or (>= 0 and <= uint.MaxValue), nameof(options.HashSeed), options.HashSeed,
            "from 0 to 4,294,967,295");
        // Python receives all module paths in one environment variable, where the path separator is between them.
        Require(options.ModulePaths.All(path => IsText(path) && !path.Contains(Path.PathSeparator, StringComparison.Ordinal)),
            nameof(options.ModulePaths), string.Join(", ", options.ModulePaths), $"paths without '{Path.PathSeparator}'");
        Require(options.EnvironmentVariables.All(IsVariable), nameof(options.EnvironmentVariables),
            string.Join(", ", options.EnvironmentVariables.Keys), "named without '=', and free of NUL characters");
    }

    private static bool IsVariable(KeyValuePair<string, string> variable) =>
        IsText(variable.Key)
        && !variable.Key.Contains('=', StringComparison.Ordinal)
        && variable.Value?.Contains('\0', StringComparison.Ordinal) == false;

    private static bool IsText(string? text) => !string.IsNullOrEmpty(text) && !text.Contains('\0', StringComparison.Ordinal);

    private static void Require(bool condition, string name, object? value, string range)
    {
        if (!condition)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(SnakepitOptions)}.{name} must be {range}.");
        }
    }
}
