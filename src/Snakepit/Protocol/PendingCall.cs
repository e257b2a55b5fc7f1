using Google.Protobuf;

namespace Snakepit.Protocol;

/// <summary>
/// A call on its way through a worker. Two ends are told apart: its caller's, who may give up at any time, and the worker's, who
/// occupies its place until it has answered.
/// </summary>
internal abstract class PendingCall(string tool)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _abandoned;

    public string Tool => tool;

    /// <summary>Given by the connection that sends it.</summary>
    public ulong Id { get; set; }

    /// <summary>Completes when the worker has answered or was lost.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The worker has answered, or was lost: nothing more will come.</summary>
    public void End(Exception? failure)
    {
        _ended.TrySetResult();
        Finish(failure);
    }

    /// <summary>The caller gives up and gets <paramref name="reason"/>; true for the first time, if the worker has not answered.</summary>
    public bool Abandon(Exception reason)
    {
        if (Interlocked.Exchange(ref _abandoned, 1) != 0 || _ended.Task.IsCompleted)
        {
            return false;
        }

        Finish(reason);
        return true;
    }

    /// <summary>A result, or the end of a stream, has arrived.</summary>
    public abstract void Accept(ByteString result);

    /// <summary>Ends the caller's wait, if it has not ended yet.</summary>
    protected abstract void Finish(Exception? failure);
}
