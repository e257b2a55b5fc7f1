namespace Snakepit.Memory;

/// <summary>A part of a worker's shared memory, mapped for reading. It stays readable when the worker has ended.</summary>
internal sealed class WorkerRange : SharedRange
{
    private readonly MemoryFile _file;
    private readonly Action _giveBack;

    /// <param name="file">The mapped part.</param>
    /// <param name="giveBack">Tells the worker that nobody uses the range any more.</param>
    public WorkerRange(MemoryFile file, Action giveBack)
        : base((int)file.Length) => (_file, _giveBack) = (file, giveBack);

    public override int FileNumber => _file.Number;

    public override long Offset => _file.Offset;

    protected override unsafe byte* Address => _file.Bytes;

    protected override void Free()
    {
        _file.Dispose();
        _giveBack();
    }
}
