using Google.Protobuf;
using Snakepit.Scheduling;

namespace Snakepit.Protocol;

/// <summary>
/// A call on its way through a worker. Two ends are told apart: its caller's, who may give up at any time, and the worker's, who
/// occupies its place until it has answered.
/// </summary>
internal abstract class PendingCall(string tool)
{
    private const int Running = 0;
    private const int Abandoned = 1;
    private const int Done = 2;

    private int _state;
    private TaskCompletionSource? _ended;

    public string Tool => tool;

    /// <summary>The session that it belongs to, if any.</summary>
    public SessionEntry? Session { get; init; }

    /// <summary>Whether its worker keeps the session's state.</summary>
    public bool IsHome { get; set; }

    /// <summary>When a worker took it, as the pool's clock counts.</summary>
    public long Began { get; set; }

    /// <summary>The limit that its caller knows.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>When its time is up, as the pool's clock counts; the largest number for never.</summary>
    public long Deadline { get; set; } = long.MaxValue;

    /// <summary>Given by the connection that sends it.</summary>
    public ulong Id { get; set; }

    /// <summary>The connection that sends it, once it does.</summary>
    public WorkerConnection? Connection { get; set; }

    /// <summary>After <see cref="Abandon"/>: completes when the worker has answered or was lost.</summary>
    public Task Ended => _ended?.Task ?? throw new InvalidOperationException("Only an abandoned call is waited for.");

    /// <summary>The worker has answered, or was lost: nothing more will come. The caller is told, unless it does not wait any more. Once.</summary>
    /// <param name="result">The result, or the end of the stream.</param>
    /// <param name="failure">Why there is none.</param>
    /// <param name="here">Whether the caller may go on right here, on this thread.</param>
    public void End(ByteString? result, Exception? failure, bool here)
    {
        switch (Interlocked.Exchange(ref _state, Done))
        {
            case Abandoned:
                _ended!.TrySetResult();
                break;
            case Running:
                Tell(result, failure, here);
                break;
            default:
                break;
        }
    }

    /// <summary>The caller gives up and gets <paramref name="reason"/>; the worker, if one was asked, is reclaimed unless it has answered.</summary>
    public void GiveUp(Exception reason) => Connection?.Abandon(this, reason);

    /// <summary>Ends the caller's wait with <paramref name="reason"/>; true for the first time, if the worker has not answered.</summary>
    public bool Abandon(Exception reason)
    {
        Interlocked.CompareExchange(ref _ended, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);
        if (Interlocked.CompareExchange(ref _state, Abandoned, Running) != Running)
        {
            return false;
        }

        Tell(result: null, reason, here: false);
        return true;
    }

    /// <summary>Ends the caller's wait; called once.</summary>
    protected abstract void Tell(ByteString? result, Exception? failure, bool here);
}
