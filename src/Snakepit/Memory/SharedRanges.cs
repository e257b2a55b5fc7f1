namespace Snakepit.Memory;

/// <summary>The ranges of shared memory that one value uses.</summary>
internal sealed class SharedRanges : IDisposable
{
    private readonly List<SharedRange> _ranges = [];
    private bool _isReleased;

    // The net for a value that nobody has released, such as the arguments of a stream whose enumerator was never disposed.
    ~SharedRanges() => Dispose();

    public IReadOnlyList<SharedRange> All => _ranges;

    /// <summary>Adds a range, of which the value is a user already.</summary>
    public void Add(SharedRange range) => _ranges.Add(range);

    /// <summary>Lets go of all ranges. Has no effect the second time.</summary>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isReleased, true))
        {
            _ranges.ForEach(static range => range.Release());
            GC.SuppressFinalize(this);
        }
    }
}
