using Snakepit.Threading;

namespace Snakepit.Memory;

/// <summary>
/// The shared memory that this process writes. It consists of memory files, of which parts are taken and returned. A file of which nothing
/// was taken for some seconds is closed. All members are thread-safe.
/// </summary>
internal sealed class HostMemory
{
    /// <summary>The length of a file, unless a value needs more. Memory that was never written to takes up nothing.</summary>
    private const long UsualLength = 64 * 1024 * 1024;

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    private readonly Func<long> _limit;
    private readonly TimeProvider _time;
    private readonly DeadlineTimer _trimming;
    private readonly Lock _gate = new();
    private readonly List<Segment> _segments = [];
    private MemoryFile? _probe;
    private long _taken;
    private volatile bool _isMissing;
    private bool _isTold;

    /// <param name="limit">How many bytes may be taken at a time.</param>
    /// <param name="time">The clock that tells when a file has been idle for long enough.</param>
    public HostMemory(Func<long> limit, TimeProvider time)
    {
        (_limit, _time) = (limit, time);
        _trimming = Detached.Create(() => new DeadlineTimer(time, Trim));
    }

    /// <summary>The memory of this process, which all its pools use.</summary>
    public static HostMemory OfProcess { get; } = new(() => SharedMemory.Limit, TimeProvider.System);

    /// <summary>Whether nothing is shared, so that values have to travel in frames.</summary>
    public bool IsOff => _isMissing || _limit() == 0;

    /// <summary>Takes room for a value. Returns null if the system has no memory files; the value then travels in its frame.</summary>
    /// <exception cref="SharedMemoryLimitException">The limit does not leave so much.</exception>
    public HostRange? Take(int length)
    {
        var rounded = (Math.Max(length, 1) + Environment.SystemPageSize - 1L) / Environment.SystemPageSize * Environment.SystemPageSize;
        lock (_gate)
        {
            if (IsOff)
            {
                return null;
            }

            var limit = _limit();
            if (_taken + rounded > limit)
            {
                throw new SharedMemoryLimitException(length, _taken, limit);
            }

            foreach (var segment in _segments)
            {
                if (segment.Free.Take(rounded) is { } offset)
                {
                    _taken += rounded;
                    return new HostRange(this, segment, offset, length, rounded);
                }
            }

            try
            {
                var created = new Segment(MemoryFile.Create(Math.Max(UsualLength, rounded)));
                _segments.Add(created);
                _taken += rounded;
                return new HostRange(this, created, created.Free.Take(rounded)!.Value, length, rounded);
            }
            catch (IOException)
            {
                return null; // there is no memory, or no file number, for another file
            }
        }
    }

    /// <summary>
    /// Returns the path by which workers try whether they can open this process's memory; null if nothing is shared.
    /// </summary>
    public string? Share()
    {
        lock (_gate)
        {
            if (IsOff)
            {
                return null;
            }

            try
            {
                _probe ??= MemoryFile.Create(Environment.SystemPageSize);
                return FormattableString.Invariant($"/proc/{Environment.ProcessId}/fd/{_probe.Number}");
            }
            catch (IOException)
            {
                _isMissing = true;
                return null;
            }
        }
    }

    /// <summary>
    /// Makes all values travel in frames from now on, because a worker cannot open this process's memory. Returns true if the user has to
    /// be told: the first time, unless the limit is 0.
    /// </summary>
    public bool Disable()
    {
        lock (_gate)
        {
            _isMissing = true;
            return _limit() > 0 && !_isTold && (_isTold = true);
        }
    }

    /// <summary>Returns the number of memory files, and how many bytes of them are in use and reserved.</summary>
    public SharedMemoryUsage Usage()
    {
        lock (_gate)
        {
            return new SharedMemoryUsage(_segments.Count, _taken, _segments.Sum(segment => segment.File.Length));
        }
    }

    /// <summary>Returns room that was taken.</summary>
    public void Return(Segment segment, long offset, long length)
    {
        lock (_gate)
        {
            _taken -= length;
            segment.Free.Return(offset, length);
            if (segment.Free.IsWholeFree)
            {
                segment.IdleUntil = _time.GetTimestamp() + (long)(IdleTime.TotalSeconds * _time.TimestampFrequency);
                _trimming.Set(segment.IdleUntil);
            }
        }
    }

    private void Trim()
    {
        lock (_gate)
        {
            _trimming.Fired();
            var now = _time.GetTimestamp();
            foreach (var idle in _segments.Where(segment => segment.Free.IsWholeFree).ToList())
            {
                if (idle.IdleUntil <= now)
                {
                    _segments.Remove(idle);
                    idle.File.Dispose();
                }
                else
                {
                    _trimming.Set(idle.IdleUntil);
                }
            }
        }
    }
}
