namespace Snakepit.Scheduling;

/// <summary>Decides when one worker is recycled.</summary>
internal sealed class RecyclePolicy
{
    // The fractional parts of n times the golden ratio are spread evenly between 0 and 1 for any number of workers, without a random
    // generator.
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

    /// <summary>True if the worker's memory has to be measured.</summary>
    public bool LimitsMemory => _maxMemory != long.MaxValue;

    /// <summary>The reason to recycle a worker that has served this many calls; null for none.</summary>
    public string? AfterCalls(long calls) => calls >= _maxCalls ? $"it has served {calls:N0} calls" : null;

    /// <summary>The reason to recycle a worker of this age and resident memory; null for none.</summary>
    public string? AtAge(TimeSpan age, long memory) =>
        age >= _maxAge ? $"it is {age.TotalSeconds:N1} s old"
        : memory > _maxMemory ? $"it holds {memory:N0} bytes of memory, over the limit of {_maxMemory:N0}"
        : null;
}
