namespace Snakepit.Hosting;

/// <summary>The settings of <see cref="WorkerLimitOptions"/>, in a form that configuration can be bound to.</summary>
public sealed class LimitSettings
{
    /// <inheritdoc cref="WorkerLimitOptions.MemoryBytes"/>
    public long? MemoryBytes { get; set; }

    /// <inheritdoc cref="WorkerLimitOptions.CpuTime"/>
    public TimeSpan? CpuTime { get; set; }

    /// <inheritdoc cref="WorkerLimitOptions.OpenFiles"/>
    public int? OpenFiles { get; set; }

    /// <inheritdoc cref="WorkerLimitOptions.NiceLevel"/>
    public int? NiceLevel { get; set; }

    /// <inheritdoc cref="WorkerLimitOptions.Umask"/>
    public UnixFileMode? Umask { get; set; }

    /// <inheritdoc cref="WorkerLimitOptions.Cgroup"/>
    public string? Cgroup { get; set; }

    /// <inheritdoc cref="WorkerLimitOptions.CgroupSettings"/>
    public Dictionary<string, string> CgroupSettings { get; } = [];

    internal WorkerLimitOptions ToOptions() => new()
    {
        MemoryBytes = MemoryBytes,
        CpuTime = CpuTime,
        OpenFiles = OpenFiles,
        NiceLevel = NiceLevel,
        Umask = Umask,
        Cgroup = Cgroup,
        CgroupSettings = CgroupSettings,
    };
}
