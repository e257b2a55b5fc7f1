using Google.Protobuf;
using Snakepit.Affinity;

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
    public Session? Session { get; init; }

    /// <summary>Whether its worker keeps the session's state.</summary>
    public bool IsHome { get; set; }

    /// <summary>When a worker took it, as the pool's clock counts.</summary>
    public long Began { get; set; }

    /// <summary>Given by the connection that sends it.</summary>
    public ulong Id { get; set; }

    /// <summary>After <see cref="Abandon"/>: completes when the worker has answered or was lost.</summary>
    public Task Ended => _ended?.Task ?? throw new InvalidOperationException("Only an abandoned call is waited for.");

    /// <summary>The worker has answered, or was lost: nothing more will come.</summary>
    public void End(Exception? failure)
    {
        if (Interlocked.Exchange(ref _state, Done) == Abandoned)
        {
            _ended!.TrySetResult();
        }

        Finish(failure);
    }

    /// <summary>The caller gives up and gets <paramref name="reason"/>; true for the first time, if the worker has not answered.</summary>
    public bool Abandon(Exception reason)
    {
        Interlocked.CompareExchange(ref _ended, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);
        if (Interlocked.CompareExchange(ref _state, Abandoned, Running) != Running)
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
