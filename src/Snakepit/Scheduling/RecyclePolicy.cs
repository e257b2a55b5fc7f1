namespace Snakepit.Scheduling;

/// <summary>Decides when one worker is recycled, that is, replaced by a fresh worker although it is healthy.</summary>
internal sealed class RecyclePolicy
{
    // Each worker's limits of age and calls are reduced by the share RecyclingOptions.Jitter · f, so that not all workers of a pool are
    // recycled at once. The factor f is the fractional part of the worker's number times the golden ratio. For any number of workers, these
    // factors are spread evenly between 0 and 1, without a random generator.
    private const double GoldenRatio = 0.6180339887498949;

    private readonly TimeSpan _maxAge;
    private readonly long _maxCalls;
    private readonly long _maxMemory;

    public RecyclePolicy(RecyclingOptions options, int worker)
    {
        var share = 1 - (options.Jitter * (worker * GoldenRatio % 1));
        _maxAge = options.MaxAge == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : options.MaxAge * share;
        _maxCalls = options.MaxCalls is { } calls ? Math.Max(1, (long)(calls * share)) : long.MaxValue;
        _maxMemory = options.MaxMemoryBytes ?? long.MaxValue;
    }

    /// <summary>Whether the worker's memory has to be measured, because the options limit it.</summary>
    public bool LimitsMemory => _maxMemory != long.MaxValue;

    /// <summary>Returns the reason to recycle a worker that has served this many calls; null if there is no reason.</summary>
    public string? AfterCalls(long calls) => calls >= _maxCalls ? $"it has served {calls:N0} calls" : null;

    /// <summary>Returns the reason to recycle a worker of this age and resident memory (in bytes); null if there is no reason.</summary>
    public string? AtAge(TimeSpan age, long memory) =>
        age >= _maxAge ? $"it is {age.TotalSeconds:N1} s old"
        : memory > _maxMemory ? $"it holds {memory:N0} bytes of memory, over the limit of {_maxMemory:N0}"
        : null;
}
