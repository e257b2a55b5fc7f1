using Snakepit.Payloads;
using Snakepit.Protocol.V1;
using Snakepit.Scheduling;
using Snakepit.Telemetry;

namespace Snakepit.Protocol;

/// <summary>
/// One call, and how far it has come. A call may end earlier for its caller than for its worker: the caller may cancel at any time, but the
/// call takes up the worker's capacity until the worker has answered.
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

    /// <summary>What listeners want to know about the call; null if nobody listens.</summary>
    public virtual ObservedCall? Observed => null;

    /// <summary>The session that the call belongs to, if any.</summary>
    public SessionEntry? Session { get; init; }

    /// <summary>Whether the worker that runs the call keeps the session's state.</summary>
    public bool IsHome { get; set; }

    /// <summary>When the call was sent to a worker, as a timestamp of the pool's clock.</summary>
    public long Began { get; set; }

    /// <summary>The time limit of the call, for the message of the timeout exception.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>When the time limit passes, as a timestamp of the pool's clock; <see cref="long.MaxValue"/> for never.</summary>
    public long Deadline { get; set; } = long.MaxValue;

    /// <summary>The id of the call on its connection, which the connection sets.</summary>
    public ulong Id { get; set; }

    /// <summary>Whether the caller has stopped waiting, while the worker may still run the call.</summary>
    public bool IsAbandoned => Volatile.Read(ref _state) == Abandoned;

    /// <summary>Whether the call, which is cancelled, keeps other calls of its worker from going on.</summary>
    public bool BlocksOthers { get; set; }

    /// <summary>
    /// The current owner of the call. An owner sets this property to itself as soon as its <see cref="ICallOwner.Abandon"/> works for the
    /// call.
    /// </summary>
    public ICallOwner? Owner
    {
        get => Volatile.Read(ref _owner);
        set => Volatile.Write(ref _owner, value);
    }

    /// <summary>Completes when the worker has answered or was lost. May be read only after <see cref="Abandon"/>.</summary>
    public Task Ended => _ended?.Task ?? throw new InvalidOperationException("Only an abandoned call is waited for.");

    /// <summary>
    /// Ends the call for good, because the worker has answered or was lost, or because the call was refused before it reached a worker.
    /// Notifies the caller, unless <see cref="Abandon"/> has already ended the caller's wait. Has no effect the second time.
    /// </summary>
    /// <param name="result">The result, or an empty payload at the end of a stream; the default value if the call failed.</param>
    /// <param name="failure">The reason why the call failed; null if it has a result.</param>
    /// <param name="inline">True to continue the caller's code on this thread, false to continue it on the thread pool.</param>
    public void Complete(Payload result, Exception? failure, bool inline)
    {
        switch (Interlocked.Exchange(ref _state, Done))
        {
            case Abandoned:
                result.Release();
                _ended!.TrySetResult();
                break;
            case Running:
                NotifyCaller(result, failure, inline);
                break;
            default:
                break;
        }
    }

    /// <summary>Keeps what the tool has recorded, if anything, for those who listen to the call. Returns what they want to know.</summary>
    public ObservedCall? Note(Recorded? recorded)
    {
        var observed = Observed;
        if (recorded is not null)
        {
            observed?.Add(recorded);
        }

        return observed;
    }

    /// <summary>
    /// Cancels the call for its caller. The caller gets <paramref name="reason"/> at once, and a worker that runs the call is asked to
    /// interrupt it.
    /// </summary>
    public void GiveUp(Exception reason) => Owner?.Abandon(this, reason);

    /// <summary>
    /// Ends the caller's wait with <paramref name="reason"/> while the worker may still run the call. Returns true the first time, unless
    /// the call has ended before.
    /// </summary>
    public bool Abandon(Exception reason)
    {
        Interlocked.CompareExchange(ref _ended, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);
        if (Interlocked.CompareExchange(ref _state, Abandoned, Running) != Running)
        {
            return false;
        }

        NotifyCaller(result: default, reason, inline: false);
        return true;
    }

    /// <summary>Ends the caller's wait with a result or a failure. This method is called only once for each call.</summary>
    protected abstract void NotifyCaller(Payload result, Exception? failure, bool inline);
}
