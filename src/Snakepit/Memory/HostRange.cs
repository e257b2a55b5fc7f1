namespace Snakepit.Memory;

/// <summary>A file of this process's shared memory, and what of it is free.</summary>
internal sealed class Segment(MemoryFile file)
{
    public MemoryFile File => file;

    public FreeSpans Free { get; } = new(file.Length);

    /// <summary>When the file is closed if nothing is taken of it until then, as a timestamp.</summary>
    public long IdleUntil { get; set; }
}

/// <summary>A part of this process's shared memory, which <see cref="HostMemory"/> has given.</summary>
/// <param name="memory">What has given it.</param>
/// <param name="segment">The file.</param>
/// <param name="offset">Where the range begins in the file.</param>
/// <param name="length">How many bytes its user needs.</param>
/// <param name="taken">How many bytes were taken of the file.</param>
internal sealed class HostRange(HostMemory memory, Segment segment, long offset, int length, long taken) : SharedRange(length)
{
    public override int FileNumber => segment.File.Number;

    public override long Offset => offset;

    protected override unsafe byte* Address => segment.File.Bytes + offset;

    protected override void Free() => memory.Return(segment, offset, taken);
}
