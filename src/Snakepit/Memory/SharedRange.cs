using System.Buffers;

namespace Snakepit.Memory;

/// <summary>
/// Bytes in shared memory, with the number of their users. When the last user has released them, the memory is used for something else.
/// </summary>
/// <param name="length">How many bytes there are.</param>
internal abstract class SharedRange(int length) : MemoryManager<byte>
{
    private int _users = 1;

    /// <summary>The address of the first byte.</summary>
    protected abstract unsafe byte* Address { get; }

    /// <summary>The number of the memory file in this process.</summary>
    public abstract int FileNumber { get; }

    /// <summary>Where the range begins in the file.</summary>
    public abstract long Offset { get; }

    /// <summary>How many bytes there are.</summary>
    public int Length => length;

    /// <summary>Adds a user. Returns false if the last one has released the range already.</summary>
    public bool TryUse()
    {
        for (var users = Volatile.Read(ref _users); users > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    /// <summary>Removes a user, who must not use the bytes any more.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Free();
        }
    }

    public override unsafe Span<byte> GetSpan() => new(Address, length);

    public override unsafe MemoryHandle Pin(int elementIndex = 0) => new(Address + elementIndex);

    public override void Unpin()
    {
    }

    /// <summary>Lets go of the memory.</summary>
    protected abstract void Free();

    protected override void Dispose(bool disposing)
    {
    }
}
