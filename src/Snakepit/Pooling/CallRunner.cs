using System.Runtime.CompilerServices;
using Google.Protobuf;
using Snakepit.Contracts;
using Snakepit.Contracts.Options;
using Snakepit.Payloads;
using Snakepit.Protocol;
using Snakepit.Scheduling;

namespace Snakepit.Pooling;

/// <summary>Makes calls: leases a worker for each, keeps its time limit, repeats it if that is allowed, and counts how it ends.</summary>
internal sealed class CallRunner(SnakepitOptions options, WorkerPool pool, WorkerSupervisor supervisor, PayloadCodec codec)
{
    private readonly CallCounters _counters = new();

    public CallStatistics Snapshot() => _counters.Snapshot();

    /// <summary>Makes a call and decodes its result.</summary>
    public async Task<T> ExecuteAsync<T>(SessionEntry? session, string tool, object? arguments, CallOptions? call, CancellationToken cancellationToken)
    {
        Require(tool, call);
        _counters.Start();
        try
        {
            var value = codec.Decode<T>(tool, await CallAsync(session, tool, arguments, call, cancellationToken));
            _counters.End(CallOutcome.Succeeded);
            return value;
        }
        catch (Exception exception)
        {
            _counters.End(CallCounters.OutcomeOf(exception));
            throw;
        }
    }

    /// <summary>Makes a call whose result is not looked at.</summary>
    public async Task ExecuteAsync(SessionEntry? session, string tool, object? arguments, CallOptions? call, CancellationToken cancellationToken)
    {
        Require(tool, call);
        _counters.Start();
        try
        {
            await CallAsync(session, tool, arguments, call, cancellationToken);
            _counters.End(CallOutcome.Succeeded);
        }
        catch (Exception exception)
        {
            _counters.End(CallCounters.OutcomeOf(exception));
            throw;
        }
    }

    /// <summary>Begins a stream with its first <c>MoveNextAsync</c>.</summary>
    public IAsyncEnumerable<T> StreamAsync<T>(SessionEntry? session, string tool, object? arguments, CallOptions? call, CancellationToken cancellationToken)
    {
        Require(tool, call);
        return IterateAsync<T>(session, tool, arguments, call, cancellationToken);
    }

    private static void Require(string tool, CallOptions? call)
    {
        Identifier.Require(tool, nameof(tool));
        if (call?.Timeout is { } timeout)
        {
            OptionValidators.RequireDuration(timeout, nameof(CallOptions.Timeout), infinite: true);
        }
    }

    // Its state is used again, which spares an object a call; so is BeginAsync's, when a call has to wait.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ByteString> CallAsync(
        SessionEntry? session, string tool, object? arguments, CallOptions? callOptions, CancellationToken cancellationToken)
    {
        var encoded = codec.Encode(tool, arguments);
        var mayRepeat = MayRepeat(session, callOptions);
        var timeout = callOptions?.Timeout ?? options.CallTimeout;
        var left = timeout;
        while (true)
        {
            var call = new UnaryCall(tool) { Session = session, Timeout = timeout };
            try
            {
                await BeginAsync(call, encoded, left, cancellationToken);
                using var givingUp = OnGivingUp(call, cancellationToken);
                if (call.Result.IsCompleted)
                {
                    await Task.Yield(); // see BeginAsync
                }

                return await call.Result;
            }
            catch (WorkerLostException) when (mayRepeat)
            {
                mayRepeat = false;
                _counters.Retry();
                left = Remaining(call);
            }
        }
    }

    private async IAsyncEnumerable<T> IterateAsync<T>(
        SessionEntry? session, string tool, object? arguments, CallOptions? callOptions, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _counters.Start();
        var outcome = CallOutcome.Cancelled; // what it is if the consumer just leaves
        var mayRepeat = MayRepeat(session, callOptions);
        var timeout = callOptions?.Timeout ?? options.StreamTimeout;
        var left = timeout;
        var encoded = default(ByteString);
        StreamingCall? call = null;
        CancellationTokenRegistration givingUp = default;
        try
        {
            while (true)
            {
                T value;
                try
                {
                    if (call is null)
                    {
                        call = new StreamingCall(tool, options.StreamBuffer) { Session = session, Timeout = timeout };
                        await BeginAsync(call, encoded ??= codec.Encode(tool, arguments), left, cancellationToken);
                        givingUp = OnGivingUp(call, cancellationToken);
                        await Task.Yield(); // see BeginAsync
                    }

                    var chunk = await call.ReadAsync();
                    cancellationToken.ThrowIfCancellationRequested();
                    if (chunk is null)
                    {
                        outcome = CallOutcome.Succeeded;
                        yield break;
                    }

                    value = codec.Decode<T>(tool, chunk);
                }
                catch (WorkerLostException) when (mayRepeat)
                {
                    mayRepeat = false;
                    _counters.Retry();
                    givingUp.Dispose();
                    left = Remaining(call!);
                    call = null;
                    continue;
                }
                catch (Exception exception)
                {
                    outcome = CallCounters.OutcomeOf(exception);
                    throw;
                }

                mayRepeat = false;
                yield return value;
                if (call.Replenish() is > 0 and var credit)
                {
                    call.Connection!.Grant(call, credit);
                }
            }
        }
        finally
        {
            call?.GiveUp(new OperationCanceledException("The stream's consumer has left."));
            givingUp.Dispose();
            _counters.End(outcome);
        }
    }

    /// <summary>
    /// Leases a worker and sends a call. If it had to wait, what follows may run on the thread that reads some worker's frames: before it returns to
    /// the user it must either wait for something or yield.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask BeginAsync(PendingCall call, ByteString arguments, TimeSpan left, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var lease = await pool.LeaseAsync(call.Session, cancellationToken);
        if (cancellationToken.IsCancellationRequested)
        {
            supervisor.Return(lease.Worker, call.Session);
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
        }

        call.IsHome = lease.IsHome;
        lease.Worker.Connection.Begin(call, arguments, left);
    }

    private static CancellationTokenRegistration OnGivingUp(PendingCall call, CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static (call, token) => ((PendingCall)call!).GiveUp(new OperationCanceledException(token)), call);

    /// <summary>A session whose state matters has lost it together with its worker: elsewhere the call would mean something else.</summary>
    private static bool MayRepeat(SessionEntry? session, CallOptions? call) =>
        call is { Idempotent: true } && (session is null || session.Mode == AffinityMode.Prefer);

    /// <summary>What a first attempt has left of the time of both; waiting for a worker takes none of it.</summary>
    private TimeSpan Remaining(PendingCall first)
    {
        if (first.Timeout == Timeout.InfiniteTimeSpan)
        {
            return first.Timeout;
        }

        var left = first.Timeout - options.TimeProvider.GetElapsedTime(first.Began);
        return left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1);
    }
}
