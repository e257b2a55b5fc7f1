using System.Runtime.CompilerServices;
using Google.Protobuf;
using Snakepit.Affinity;
using Snakepit.Protocol;
using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>Makes calls: leases a worker for each, keeps its time limit, repeats it if that is allowed, and counts how it ends.</summary>
internal sealed class Calls(SnakepitOptions options, WorkerPool pool, WorkerSupervisor supervisor, PayloadCodec codec)
{
    private readonly CallCounters _counters = new();

    public CallStatistics Snapshot() => _counters.Snapshot();

    /// <summary>Makes a call and decodes its result.</summary>
    public async Task<T> ExecuteAsync<T>(Session? session, string tool, object? arguments, CallOptions? call, CancellationToken cancellationToken)
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
    public async Task ExecuteAsync(Session? session, string tool, object? arguments, CallOptions? call, CancellationToken cancellationToken)
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
    public IAsyncEnumerable<T> StreamAsync<T>(Session? session, string tool, object? arguments, CallOptions? call, CancellationToken cancellationToken)
    {
        Require(tool, call);
        return IterateAsync<T>(session, tool, arguments, call, cancellationToken);
    }

    private static void Require(string tool, CallOptions? call)
    {
        Name.Require(tool, nameof(tool));
        if (call?.Timeout is { } timeout)
        {
            SnakepitOptions.RequireDuration(timeout, nameof(CallOptions.Timeout), infinite: true);
        }
    }

    private async Task<ByteString> CallAsync(
        Session? session, string tool, object? arguments, CallOptions? call, CancellationToken cancellationToken)
    {
        var encoded = codec.Encode(tool, arguments);
        var timeout = call?.Timeout ?? options.CallTimeout;
        var first = new UnaryCall(tool) { Session = session };
        try
        {
            return await AttemptAsync(first, encoded, timeout, timeout, cancellationToken);
        }
        catch (WorkerLostException) when (MayRepeat(session, call))
        {
            _counters.Retry();
            return await AttemptAsync(new UnaryCall(tool) { Session = session }, encoded, timeout, Remaining(timeout, first.Began), cancellationToken);
        }
    }

    private async Task<ByteString> AttemptAsync(
        UnaryCall call, ByteString encoded, TimeSpan timeout, TimeSpan left, CancellationToken cancellationToken)
    {
        using var limit = await BeginAsync(call, encoded, timeout, left, cancellationToken);
        return await call.Result;
    }

    private async IAsyncEnumerable<T> IterateAsync<T>(
        Session? session, string tool, object? arguments, CallOptions? callOptions, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _counters.Start();
        var outcome = CallOutcome.Cancelled; // what it is if the consumer just leaves
        var mayRepeat = MayRepeat(session, callOptions);
        var timeout = callOptions?.Timeout ?? options.StreamTimeout;
        var left = timeout;
        var encoded = default(ByteString);
        StreamingCall? call = null;
        CallLimit? limit = null;
        try
        {
            while (true)
            {
                T value;
                try
                {
                    if (call is null)
                    {
                        call = new StreamingCall(tool, options.StreamBuffer) { Session = session };
                        limit = await BeginAsync(call, encoded ??= codec.Encode(tool, arguments), timeout, left, cancellationToken);
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
                    limit?.Dispose();
                    left = Remaining(timeout, call!.Began);
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
                    limit!.Worker.Connection.Grant(call, credit);
                }
            }
        }
        finally
        {
            limit?.Abandon(new OperationCanceledException("The stream's consumer has left."));
            limit?.Dispose();
            _counters.End(outcome);
        }
    }

    private async ValueTask<CallLimit> BeginAsync(
        PendingCall call, ByteString arguments, TimeSpan timeout, TimeSpan left, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var lease = await pool.LeaseAsync(call.Session, cancellationToken);
        if (cancellationToken.IsCancellationRequested)
        {
            supervisor.Return(lease.Worker, call.Session);
            cancellationToken.ThrowIfCancellationRequested();
        }

        call.IsHome = lease.IsHome;
        call.Began = options.TimeProvider.GetTimestamp();
        lease.Worker.Connection.Begin(call, arguments, left);
        return new CallLimit(supervisor, lease.Worker, call, timeout, left, options.TimeProvider, cancellationToken);
    }

    /// <summary>A session whose state matters has lost it together with its worker: elsewhere the call would mean something else.</summary>
    private static bool MayRepeat(Session? session, CallOptions? call) =>
        call is { Idempotent: true } && (session is null || session.Mode == AffinityMode.Prefer);

    /// <summary>What a first attempt that began then has left of the time of both; waiting for a worker takes none of it.</summary>
    private TimeSpan Remaining(TimeSpan timeout, long began)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return timeout;
        }

        var left = timeout - options.TimeProvider.GetElapsedTime(began);
        return left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1);
    }
}
