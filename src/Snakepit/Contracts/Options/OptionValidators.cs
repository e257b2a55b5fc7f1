namespace Snakepit.Contracts.Options;

/// <summary>Checks every option and every combination of options once, before any process is started.</summary>
internal static class OptionValidators
{
    private static readonly TimeSpan ShortestHeartbeat = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan LongestCpuTime = TimeSpan.FromDays(3650);

    private const UnixFileMode GroupAndOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Checks all options of a pool.</summary>
    /// <exception cref="ArgumentException">An option is missing or out of range. The message names the first such option.</exception>
    public static void Validate(this SnakepitOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Adapter, nameof(options.Adapter));
        foreach (var (name, value) in Needed(options))
        {
            ArgumentNullException.ThrowIfNull(value, name);
        }

        if (options.FindFaults() is [var fault, ..])
        {
            throw OutOfRange(fault);
        }
    }

    /// <summary>Returns all options that are missing or out of range.</summary>
    public static IReadOnlyList<OptionFault> FaultsOf(SnakepitOptions options)
    {
        var faults = new List<OptionFault>();
        faults.Require(!string.IsNullOrWhiteSpace(options.Adapter), nameof(options.Adapter), options.Adapter, "given");
        foreach (var (name, value) in Needed(options))
        {
            faults.Require(value is not null, name, value, "given");
        }

        if (faults.Count == 0)
        {
            CheckSizes(options, faults);
            CheckDurations(options, faults);
            CheckHeartbeat(options.Heartbeat, faults);
            CheckRecycling(options.Recycling, faults);
            CheckLimits(options.Limits, faults);
            CheckSessions(options.Sessions, faults);
            CheckHostTools(options.HostTools, faults);
            CheckProcesses(options, faults);
            CheckEnvironment(options, faults);
        }

        return faults;
    }

    /// <summary>Checks one duration.</summary>
    /// <param name="value">The duration.</param>
    /// <param name="name">The option's name, for the message.</param>
    /// <param name="infinite">Whether the duration may be <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The duration is zero, negative or longer than a timer can count.</exception>
    public static void RequireDuration(TimeSpan value, string name, bool infinite)
    {
        // Called for each call that has a timeout, so it makes no list of faults.
        if (!IsDuration(value, infinite))
        {
            throw OutOfRange(new OptionFault(name, value, RuleOfDuration(infinite)));
        }
    }

    private static (string Name, object? Value)[] Needed(SnakepitOptions options) =>
    [
        (nameof(options.ModulePaths), options.ModulePaths),
        (nameof(options.EnvironmentVariables), options.EnvironmentVariables),
        (nameof(options.HostTools), options.HostTools),
        (nameof(options.Sessions), options.Sessions),
        (nameof(options.Heartbeat), options.Heartbeat),
        (nameof(options.Recycling), options.Recycling),
        (nameof(options.Limits), options.Limits),
        (nameof(options.LoggerFactory), options.LoggerFactory),
        (nameof(options.TimeProvider), options.TimeProvider),
    ];

    private static ArgumentOutOfRangeException OutOfRange(OptionFault fault) =>
        new(fault.Option, fault.Value, $"{nameof(SnakepitOptions)}.{fault.Option} must be {fault.Rule}.");

    private static void CheckSizes(SnakepitOptions options, List<OptionFault> faults)
    {
        var (workers, minimum) = (options.Workers, options.MinimumReadyWorkers);
        faults.Require(workers is >= 1 and <= 1024, nameof(options.Workers), workers, "from 1 to 1,024");
        faults.Require(minimum is null || (minimum >= 1 && minimum <= workers), nameof(options.MinimumReadyWorkers), minimum,
            $"from 1 to {nameof(options.Workers)} ({workers})");
        faults.Require(options.MaxConcurrentCallsPerWorker is >= 1 and <= 1024, nameof(options.MaxConcurrentCallsPerWorker),
            options.MaxConcurrentCallsPerWorker, "from 1 to 1,024");
        faults.Require(options.StreamBuffer >= 1, nameof(options.StreamBuffer), options.StreamBuffer, "at least 1");
        faults.Require(options.MaxPayloadBytes >= 1024, nameof(options.MaxPayloadBytes), options.MaxPayloadBytes, "at least 1,024");
        faults.Require(
            options.MaxPayloadBytes <= 1024 * 1024 * 1024, nameof(options.MaxPayloadBytes), options.MaxPayloadBytes, "at most 1 GiB");
        faults.Require(options.QueueLimit >= 0, nameof(options.QueueLimit), options.QueueLimit, "at least 0");
    }

    private static void CheckDurations(SnakepitOptions options, List<OptionFault> faults)
    {
        faults.RequireDuration(options.StartTimeout, nameof(options.StartTimeout), infinite: false);
        faults.RequireDuration(options.CallTimeout, nameof(options.CallTimeout), infinite: true);
        faults.RequireDuration(options.StreamTimeout, nameof(options.StreamTimeout), infinite: true);
        faults.RequireDuration(options.CancelGrace, nameof(options.CancelGrace), infinite: false);
        faults.RequireDuration(options.QueueTimeout, nameof(options.QueueTimeout), infinite: true);
        faults.RequireDuration(options.DrainTimeout, nameof(options.DrainTimeout), infinite: false);
        faults.RequireDuration(options.TerminateTimeout, nameof(options.TerminateTimeout), infinite: false);
    }

    private static void CheckHeartbeat(HeartbeatOptions heartbeat, List<OptionFault> faults)
    {
        const string Group = nameof(SnakepitOptions.Heartbeat);
        faults.RequireDuration(heartbeat.Interval, $"{Group}.{nameof(heartbeat.Interval)}", infinite: false);
        faults.Require(
            heartbeat.Interval >= ShortestHeartbeat, $"{Group}.{nameof(heartbeat.Interval)}", heartbeat.Interval, "at least 10 ms");
        faults.Require(heartbeat.MaxMissed >= 1, $"{Group}.{nameof(heartbeat.MaxMissed)}", heartbeat.MaxMissed, "at least 1");
    }

    private static void CheckRecycling(RecyclingOptions recycling, List<OptionFault> faults)
    {
        const string Group = nameof(SnakepitOptions.Recycling);
        faults.RequireDuration(recycling.MaxAge, $"{Group}.{nameof(recycling.MaxAge)}", infinite: true);
        faults.Require(recycling.MaxCalls is null or >= 1, $"{Group}.{nameof(recycling.MaxCalls)}", recycling.MaxCalls, "at least 1");
        faults.Require(recycling.MaxMemoryBytes is null or >= 1024 * 1024, $"{Group}.{nameof(recycling.MaxMemoryBytes)}",
            recycling.MaxMemoryBytes, "at least 1 MiB");
        faults.Require(recycling.Jitter is >= 0 and <= 0.9, $"{Group}.{nameof(recycling.Jitter)}", recycling.Jitter, "from 0 to 0.9");
    }

    private static void CheckLimits(WorkerLimitOptions limits, List<OptionFault> faults)
    {
        const string Group = nameof(SnakepitOptions.Limits);
        faults.Require(limits.MemoryBytes is null or >= 16 * 1024 * 1024, $"{Group}.{nameof(limits.MemoryBytes)}", limits.MemoryBytes,
            "at least 16 MiB");
        faults.Require(limits.CpuTime is null || (limits.CpuTime >= TimeSpan.FromSeconds(1) && limits.CpuTime <= LongestCpuTime),
            $"{Group}.{nameof(limits.CpuTime)}", limits.CpuTime, $"from 1 s to {LongestCpuTime.TotalDays:F0} days");
        faults.Require(limits.OpenFiles is null or >= 32, $"{Group}.{nameof(limits.OpenFiles)}", limits.OpenFiles, "at least 32");
        faults.Require(limits.NiceLevel is null or (>= -20 and <= 19), $"{Group}.{nameof(limits.NiceLevel)}", limits.NiceLevel,
            "from -20 to 19");
        faults.Require(limits.Umask is null || (limits.Umask & ~GroupAndOthers) == 0, $"{Group}.{nameof(limits.Umask)}", limits.Umask,
            "permissions of the group and of others");
        if (limits.Cgroup is not null || limits.CgroupSettings.Count > 0)
        {
            CheckCgroup(limits, faults);
        }
    }

    private static void CheckCgroup(WorkerLimitOptions limits, List<OptionFault> faults)
    {
        const string Group = nameof(SnakepitOptions.Limits);
        faults.Require(limits.Cgroup is null || (IsText(limits.Cgroup) && Path.IsPathRooted(limits.Cgroup)),
            $"{Group}.{nameof(limits.Cgroup)}", limits.Cgroup, "an absolute path");
        faults.Require(limits.CgroupSettings.Count == 0 || limits.Cgroup is not null, $"{Group}.{nameof(limits.CgroupSettings)}",
            string.Join(", ", limits.CgroupSettings.Keys), $"empty without {nameof(limits.Cgroup)}");
        faults.Require(limits.CgroupSettings.All(IsCgroupSetting), $"{Group}.{nameof(limits.CgroupSettings)}",
            string.Join(", ", limits.CgroupSettings.Keys), "named like files of a control group, such as memory.max, with a text each");
    }

    private static bool IsCgroupSetting(KeyValuePair<string, string> setting) => setting.Key.Contains('.', StringComparison.Ordinal)
        && setting.Key.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-')
        && IsText(setting.Value) && setting.Value.Length > 0;

    private static void CheckSessions(SessionOptions sessions, List<OptionFault> faults)
    {
        const string Group = nameof(SnakepitOptions.Sessions);
        faults.Require(sessions.Limit >= 1, $"{Group}.{nameof(sessions.Limit)}", sessions.Limit, "at least 1");
        faults.RequireDuration(sessions.IdleTimeout, $"{Group}.{nameof(sessions.IdleTimeout)}", infinite: true);
    }

    private static void CheckHostTools(IReadOnlyDictionary<string, HostTool> tools, List<OptionFault> faults)
    {
        const string Name = nameof(SnakepitOptions.HostTools);
        faults.Require(tools.Keys.All(Identifier.IsValid), Name, string.Join(", ", tools.Keys), $"named by {Identifier.Rule}");
        faults.Require(tools.Values.All(tool => tool is not null), Name, null, "given");
    }

    private static void CheckProcesses(SnakepitOptions options, List<OptionFault> faults)
    {
        faults.Require(IsText(options.Adapter), nameof(options.Adapter), options.Adapter, "text without a NUL character");
        var name = options.Name;
        faults.Require(
            name is null || (IsText(name) && name.Trim().Length > 0), nameof(options.Name), name, "text without a NUL character");
        faults.Require(Enum.IsDefined(options.WorkerStart), nameof(options.WorkerStart), options.WorkerStart, "a defined value");
        faults.Require(
            Enum.IsDefined(options.AfterInterruption), nameof(options.AfterInterruption), options.AfterInterruption, "a defined value");
        faults.Require(Enum.IsDefined(options.Transport), nameof(options.Transport), options.Transport, "a defined value");
        faults.Require(options.BlasThreads is null or >= 1, nameof(options.BlasThreads), options.BlasThreads, "at least 1");
        faults.Require(options.HashSeed is null or (>= 0 and <= uint.MaxValue), nameof(options.HashSeed), options.HashSeed,
            "from 0 to 4,294,967,295");
        // Python receives all module paths in one environment variable, where the path separator is between them.
        faults.Require(options.ModulePaths.All(path => IsText(path) && !path.Contains(Path.PathSeparator, StringComparison.Ordinal)),
            nameof(options.ModulePaths), string.Join(", ", options.ModulePaths), $"paths without '{Path.PathSeparator}'");
        faults.Require(options.EnvironmentVariables.All(IsVariable), nameof(options.EnvironmentVariables),
            string.Join(", ", options.EnvironmentVariables.Keys), "named without '=', and free of NUL characters");
    }

    private static void CheckEnvironment(SnakepitOptions options, List<OptionFault> faults)
    {
        const string Group = nameof(SnakepitOptions.Environment);
        faults.Require(options.PythonPath is null || options.Environment is null, nameof(options.PythonPath), options.PythonPath,
            $"absent when {Group} is given");
        if (options.Environment is not RequirementsEnvironment made)
        {
            return;
        }

        faults.Require(IsText(made.Requirements), $"{Group}.{nameof(made.Requirements)}", made.Requirements, "a path");
        (string Name, string? Path)[] paths =
        [
            (nameof(made.PythonPath), made.PythonPath), (nameof(made.Wheels), made.Wheels),
            (nameof(made.CacheDirectory), made.CacheDirectory),
        ];
        foreach (var (name, path) in paths)
        {
            faults.Require(path is null || IsText(path), $"{Group}.{name}", path, "a path");
        }

        faults.RequireDuration(made.Timeout, $"{Group}.{nameof(made.Timeout)}", infinite: true);
    }

    private static bool IsVariable(KeyValuePair<string, string> variable) =>
        IsText(variable.Key)
        && !variable.Key.Contains('=', StringComparison.Ordinal)
        && variable.Value?.Contains('\0', StringComparison.Ordinal) == false;

    private static bool IsText(string? text) => !string.IsNullOrEmpty(text) && !text.Contains('\0', StringComparison.Ordinal);

    private static void RequireDuration(this List<OptionFault> faults, TimeSpan value, string name, bool infinite) =>
        faults.Require(IsDuration(value, infinite), name, value, RuleOfDuration(infinite));

    private static bool IsDuration(TimeSpan value, bool infinite)
    {
        var isFinite = value > TimeSpan.Zero && value.TotalMilliseconds < uint.MaxValue - 1; // the longest time that a .NET timer accepts
        return isFinite || (infinite && value == Timeout.InfiniteTimeSpan);
    }

    private static string RuleOfDuration(bool infinite) =>
        infinite ? "positive, below 49 days, or Timeout.InfiniteTimeSpan" : "positive and below 49 days";

    private static void Require(this List<OptionFault> faults, bool condition, string name, object? value, string rule)
    {
        if (!condition)
        {
            faults.Add(new OptionFault(name, value, rule));
        }
    }
}
