using Google.Protobuf;
using Snakepit.Scheduling;

namespace Snakepit.Protocol;

/// <summary>
/// A call that has not ended. It ends twice: for its caller, who may give up at any time, and for its worker, whose slot it occupies until
/// the worker has answered.
/// </summary>
internal abstract class PendingCall(string tool)
{
    private const int Running = 0;
    private const int Abandoned = 1;
    private const int Done = 2;

    private int _state;
    private TaskCompletionSource? _ended;
    private ICallOwner? _owner;

    public string Tool => tool;

    /// <summary>The session that the call belongs to, if any.</summary>
    public SessionEntry? Session { get; init; }

    /// <summary>True if the worker keeps the session's state.</summary>
    public bool IsHome { get; set; }

    /// <summary>When the call was sent to a worker, as a timestamp of the pool's clock.</summary>
    public long Began { get; set; }

    /// <summary>The time limit that the caller has asked for, to name it in the exception.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>When the time limit passes, as a timestamp of the pool's clock; <see cref="long.MaxValue"/> for never.</summary>
    public long Deadline { get; set; } = long.MaxValue;

    /// <summary>The call's number on its connection, which the connection sets.</summary>
    public ulong Id { get; set; }

    /// <summary>Who has the call now. Each owner sets this before the call can reach any other thread through it.</summary>
    public ICallOwner? Owner
    {
        get => Volatile.Read(ref _owner);
        set => Volatile.Write(ref _owner, value);
    }

    /// <summary>After <see cref="Abandon"/>: completes when the worker has answered or was lost.</summary>
    public Task Ended => _ended?.Task ?? throw new InvalidOperationException("Only an abandoned call is waited for.");

    /// <summary>
    /// The worker has answered or was lost, or the call never reached one: nothing more will come. Notifies the caller, unless it has
    /// given up. Only the first call of this method has an effect.
    /// </summary>
    /// <param name="result">The result, or an empty string at the end of a stream.</param>
    /// <param name="failure">Why there is no result.</param>
    /// <param name="inline">True to continue the caller's code on this thread, false to leave it to the thread pool.</param>
    public void Complete(ByteString? result, Exception? failure, bool inline)
    {
        switch (Interlocked.Exchange(ref _state, Done))
        {
            case Abandoned:
                _ended!.TrySetResult();
                break;
            case Running:
                NotifyCaller(result, failure, inline);
                break;
            default:
                break;
        }
    }

    /// <summary>The caller gives up: it gets <paramref name="reason"/> at once, and a worker that runs the call is asked to stop.</summary>
    public void GiveUp(Exception reason) => Owner?.Abandon(this, reason);

    /// <summary>
    /// Ends the caller's wait with <paramref name="reason"/>. True the first time, unless the worker has answered before.
    /// </summary>
    public bool Abandon(Exception reason)
    {
        Interlocked.CompareExchange(ref _ended, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);
        if (Interlocked.CompareExchange(ref _state, Abandoned, Running) != Running)
        {
            return false;
        }

        NotifyCaller(result: null, reason, inline: false);
        return true;
    }

    /// <summary>Ends the caller's wait; called once.</summary>
    protected abstract void NotifyCaller(ByteString? result, Exception? failure, bool inline);
}
