namespace Snakepit.Scheduling;

/// <summary>When one worker is to be recycled.</summary>
internal sealed class RecyclePolicy
{
    // Multiples of the golden ratio spread evenly however many there are, without chance.
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

    /// <summary>Whether memory has to be looked at.</summary>
    public bool LimitsMemory => _maxMemory != long.MaxValue;

    /// <summary>Why a worker that has served so many calls is to be recycled; null if it is not.</summary>
    public string? AfterCalls(long calls) => calls >= _maxCalls ? $"it has served {calls:N0} calls" : null;

    /// <summary>Why a worker of this age and resident memory is to be recycled; null if it is not.</summary>
    public string? AtAge(TimeSpan age, long memory) =>
        age >= _maxAge ? $"it is {age.TotalSeconds:N1} s old"
        : memory > _maxMemory ? $"it holds {memory:N0} bytes of memory, over the limit of {_maxMemory:N0}"
        : null;
}
