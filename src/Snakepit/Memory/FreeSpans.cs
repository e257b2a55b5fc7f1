namespace Snakepit.Memory;

/// <summary>
/// Tells which parts of a memory file are free. A part is taken from the lowest place that has room for it, so that the memory which was
/// used before is used again, and the end of the file is never touched. Not thread-safe.
/// </summary>
/// <param name="length">The length of the file.</param>
internal sealed class FreeSpans(long length)
{
    // In the order of their offsets. Two spans never touch, because they would be one.
    private readonly List<(long Offset, long Length)> _spans = [(0, length)];

    /// <summary>Whether nothing is taken.</summary>
    public bool IsWholeFree => _spans is [var only] && only.Length == length;

    /// <summary>Takes a part of this length. Returns its offset; null if no free part is as long.</summary>
    public long? Take(long wanted)
    {
        for (var index = 0; index < _spans.Count; index++)
        {
            var (offset, free) = _spans[index];
            if (free > wanted)
            {
                _spans[index] = (offset + wanted, free - wanted);
                return offset;
            }

            if (free == wanted)
            {
                _spans.RemoveAt(index);
                return offset;
            }
        }

        return null;
    }

    /// <summary>Makes a part free that was taken.</summary>
    public void Return(long offset, long taken)
    {
        var next = _spans.FindIndex(span => span.Offset > offset);
        next = next < 0 ? _spans.Count : next;
        if (next < _spans.Count && _spans[next].Offset == offset + taken)
        {
            taken += _spans[next].Length;
            _spans.RemoveAt(next);
        }

        if (next > 0 && _spans[next - 1] is var before && before.Offset + before.Length == offset)
        {
            _spans[next - 1] = (before.Offset, before.Length + taken);
        }
        else
        {
            _spans.Insert(next, (offset, taken));
        }
    }
}
