using Snakepit.HostTools;
using Snakepit.Memory;
using Snakepit.Payloads;
using Snakepit.Processes;
using Snakepit.Protocol.V1;
using Snakepit.Scheduling;

namespace Snakepit.Protocol;

/// <summary>The connection to one worker. Sends calls as frames, and completes the calls when frames with answers arrive.</summary>
internal sealed partial class WorkerConnection : ICallOwner, IAsyncDisposable
{
    private readonly ITransport _transport;
    private readonly ControlConnection _control;
    private readonly ICallSupervisor _supervisor;
    private readonly TimeProvider _time;
    private readonly HostCalls _hostCalls;
    private readonly RunningCalls _calls;
    private readonly CallCanceller _canceller;
    private ulong _lastId;

    /// <param name="transport">The open stream to the worker.</param>
    /// <param name="control">The worker's control channel.</param>
    /// <param name="supervisor">Is told what happens to the worker's calls.</param>
    /// <param name="toolbox">The host tools that Python may call.</param>
    /// <param name="process">The id of the worker's process.</param>
    /// <param name="time">The clock for time limits and for cancellations.</param>
    public WorkerConnection(
        ITransport transport,
        ControlConnection control,
        ICallSupervisor supervisor,
        HostToolbox toolbox,
        int process,
        TimeProvider time)
    {
        (_transport, _control, _supervisor, _time) = (transport, control, supervisor, time);
        Borrowed = new BorrowedRanges(process);
        _calls = new RunningCalls(time, call => Abandon(call, new CallTimeoutException(call.Tool, call.Timeout)));
        _canceller = new CallCanceller(transport, control, _calls, supervisor, time);
        _hostCalls = new HostCalls(toolbox, SendAnswer);
        Requests = new Requests(Send, () => Closed!, () => Fault);
        Closed = ReadAsync();
    }

    /// <summary>
    /// Completes when no more frames are read, because the worker has closed the stream, the stream is broken, or an exception has ended
    /// the reading (see <see cref="Fault"/>). This task never fails.
    /// </summary>
    public Task Closed { get; }

    /// <summary>
    /// The exception that ended the reading of frames, such as one for an invalid frame; null while frames are read, and if the worker has
    /// closed the stream or the stream is broken. It is set before <see cref="Closed"/> completes.
    /// </summary>
    public Exception? Fault { get; private set; }

    /// <summary>The number of frames sent to the worker and received from it.</summary>
    public long Frames => _transport.Frames;

    /// <summary>This process's shared memory that the worker may read.</summary>
    public LentRanges Lent { get; } = new();

    /// <summary>The worker's shared memory that this process has mapped.</summary>
    public BorrowedRanges Borrowed { get; }

    /// <summary>Pings, and requests for the worker's tools.</summary>
    public Requests Requests { get; }

    /// <summary>The number of calls for which no caller waits any more, but which the worker has not answered.</summary>
    public int AbandonedCalls => _calls.CountAbandoned();

    /// <summary>
    /// Sends a call. The caller waits until the worker answers, until <paramref name="left"/> has passed, or until <see cref="Fail"/> or
    /// <see cref="Abandon"/> ends the wait.
    /// </summary>
    public void Begin(PendingCall call, Payload arguments, TimeSpan left)
    {
        call.Id = Interlocked.Increment(ref _lastId);
        call.Began = _time.GetTimestamp();
        if (left != Timeout.InfiniteTimeSpan)
        {
            call.Deadline = call.Began + (long)(left.TotalSeconds * _time.TimestampFrequency);
        }

        if (!_calls.Add(call))
        {
            return;
        }

        // Cancellations go to the owner of a call. The connection becomes the owner only when the call is in the table, because
        // CallCanceller takes a call that is not in the table for one that the worker has answered.
        call.Owner = this;
        try
        {
            if (arguments.Ranges is { } ranges && !Lent.TryLend(call.Id, ranges.All, static () => true))
            {
                Withdraw(call.Id); // the caller has left and released the arguments
                return;
            }

            Send(new HostFrame { Call = CallFrame.Of(call, arguments, left) });
        }
        catch
        {
            // There is no memory for the frame, so the worker will never receive this call.
            Lent.TakeBack(call.Id);
            Withdraw(call.Id);
            throw;
        }
    }

    /// <summary>Grants flow-control credit to a stream: the worker may send <paramref name="chunks"/> more chunks.</summary>
    public void Grant(StreamingCall call, int chunks) =>
        Send(new HostFrame { Credit = new Credit { Call = call.Id, Chunks = (uint)chunks } });

    /// <summary>
    /// Ends the caller's wait with <paramref name="reason"/> and has the call cancelled in Python, unless the call has ended.
    /// </summary>
    public void Abandon(PendingCall call, Exception reason)
    {
        if (call.Abandon(reason))
        {
            _supervisor.CallAbandoned(call);
        }
    }

    /// <summary>Cancels a call in Python, for which no caller waits any more, and the host tools that it has called.</summary>
    /// <inheritdoc cref="CallCanceller.CancelAsync"/>
    public Task<bool> CancelAsync(PendingCall call, TimeSpan grace)
    {
        _hostCalls.CancelAllOf(call.Id);
        return _canceller.CancelAsync(call, grace);
    }

    /// <summary>Tells the worker to drop the state of a session.</summary>
    public void EndSession(SessionEntry session) => _transport.Send(new HostFrame { EndSession = new EndSession { Id = session.Id } });

    /// <summary>Asks the worker to finish its calls and to exit.</summary>
    public void Drain() => _transport.Send(new HostFrame { Drain = new Drain() });

    /// <summary>
    /// Announces SIGTERM to the worker. Returns false if the worker has not answered within <paramref name="patience"/>, because its main
    /// thread runs native code.
    /// </summary>
    public Task<bool> AnnounceSigtermAsync(TimeSpan patience) =>
        _control.AnnounceSigtermAsync(CallCanceller.CancelRepeat, patience, _time);

    /// <summary>
    /// Completes all running calls, and every call that is sent later, with the exceptions that <paramref name="lost"/> creates, because
    /// the worker is lost.
    /// </summary>
    public void Fail(Func<PendingCall, Exception> lost)
    {
        _hostCalls.CancelAll();
        _calls.Fail(lost);
    }

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync().ConfigureAwait(false);
        _control.Dispose();
        _calls.Dispose();
        Lent.Close();
        await Closed.ConfigureAwait(false);
    }

    private async Task ReadAsync()
    {
        try
        {
            await _transport.ReadAsync(Handle).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The worker has sent an invalid frame, or there was no memory for a frame. The worker counts as lost, and its callers get this
            // exception as the reason.
            Fault = exception;
        }
    }

    private void Send(HostFrame frame)
    {
        Borrowed.GiveBackWith(frame);
        _transport.Send(frame);
    }

    /// <summary>Sends the answer to a host call that a running call has made.</summary>
    private void SendAnswer(ulong call, HostAnswer answer, Payload result)
    {
        if (result.Ranges is { } ranges && !Lent.TryLend(call, ranges.All, () => _calls.Find(call) is not null))
        {
            return; // the call has ended, so the worker would ignore the answer
        }

        (answer.Value, answer.Attachments) = (result.Json, result.AttachmentsFor(call));
        Send(new HostFrame { HostAnswer = answer });
    }

    /// <summary>Ends a call that the worker will never receive.</summary>
    private void Withdraw(ulong call)
    {
        if (_calls.Remove(call) is { } unsent)
        {
            _supervisor.CallEnded(unsent, interrupted: false)?.Start(inline: false);
            if (unsent.IsAbandoned)
            {
                unsent.Complete(result: default, failure: null, inline: false);
            }
        }
    }
}
