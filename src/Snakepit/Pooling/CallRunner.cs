using System.Runtime.CompilerServices;
using Google.Protobuf;
using Snakepit.Contracts;
using Snakepit.Contracts.Options;
using Snakepit.Payloads;
using Snakepit.Protocol;
using Snakepit.Scheduling;

namespace Snakepit.Pooling;

/// <summary>
/// Runs calls from their arguments to their result: encodes, dispatches, retries idempotent calls, decodes, and counts how each ended.
/// </summary>
internal sealed class CallRunner(SnakepitOptions options, WorkerPool pool, PayloadCodec codec)
{
    private readonly CallDispatcher _dispatcher = new(pool);
    private readonly CallCounters _counters = new();

    public CallStatistics Snapshot() => _counters.Snapshot();

    /// <summary>Makes a call and decodes its result.</summary>
    public async Task<T> ExecuteAsync<T>(
        SessionEntry? session, string tool, object? arguments, CallOptions? callOptions, CancellationToken cancellationToken)
    {
        Validate(tool, callOptions);
        _counters.Start();
        try
        {
            var value = codec.Decode<T>(tool, await CallAsync(session, tool, arguments, callOptions, cancellationToken));
            _counters.End(CallOutcome.Succeeded);
            return value;
        }
        catch (Exception exception)
        {
            _counters.End(CallCounters.OutcomeOf(exception));
            throw;
        }
    }

    /// <summary>Makes a call and ignores its result.</summary>
    public async Task ExecuteAsync(
        SessionEntry? session, string tool, object? arguments, CallOptions? callOptions, CancellationToken cancellationToken)
    {
        Validate(tool, callOptions);
        _counters.Start();
        try
        {
            await CallAsync(session, tool, arguments, callOptions, cancellationToken);
            _counters.End(CallOutcome.Succeeded);
        }
        catch (Exception exception)
        {
            _counters.End(CallCounters.OutcomeOf(exception));
            throw;
        }
    }

    /// <summary>Makes a streaming call, which begins with the first <c>MoveNextAsync</c>.</summary>
    public IAsyncEnumerable<T> StreamAsync<T>(
        SessionEntry? session, string tool, object? arguments, CallOptions? callOptions, CancellationToken cancellationToken)
    {
        Validate(tool, callOptions);
        return IterateAsync<T>(session, tool, arguments, callOptions, cancellationToken);
    }

    private static void Validate(string tool, CallOptions? callOptions)
    {
        Identifier.Require(tool, nameof(tool));
        if (callOptions?.Timeout is { } timeout)
        {
            OptionValidators.RequireDuration(timeout, nameof(CallOptions.Timeout), infinite: true);
        }
    }

    // The pooling builder reuses the method's state machine, which saves an allocation per call.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ByteString> CallAsync(
        SessionEntry? session, string tool, object? arguments, CallOptions? callOptions, CancellationToken cancellationToken)
    {
        var encoded = codec.Encode(tool, arguments);
        var mayRetry = MayRetry(session, callOptions);
        var timeout = callOptions?.Timeout ?? options.CallTimeout;
        var left = timeout;
        while (true)
        {
            var call = new UnaryCall(tool) { Session = session, Timeout = timeout };
            try
            {
                _dispatcher.Dispatch(call, encoded, left, cancellationToken);
                using var givingUp = GiveUpWhenCancelled(call, cancellationToken);
                return await call.Result;
            }
            catch (WorkerLostException) when (mayRetry)
            {
                mayRetry = false;
                _counters.Retry();
                left = TimeLeft(call);
            }
        }
    }

    private async IAsyncEnumerable<T> IterateAsync<T>(
        SessionEntry? session,
        string tool,
        object? arguments,
        CallOptions? callOptions,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _counters.Start();
        var outcome = CallOutcome.Cancelled; // this stays the outcome if the consumer leaves before the end
        var mayRetry = MayRetry(session, callOptions);
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
                        _dispatcher.Dispatch(call, encoded ??= codec.Encode(tool, arguments), left, cancellationToken);
                        givingUp = GiveUpWhenCancelled(call, cancellationToken);
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
                catch (WorkerLostException) when (mayRetry)
                {
                    mayRetry = false;
                    _counters.Retry();
                    givingUp.Dispose();
                    left = TimeLeft(call!);
                    call = null;
                    continue;
                }
                catch (Exception exception)
                {
                    outcome = CallCounters.OutcomeOf(exception);
                    throw;
                }

                mayRetry = false; // the consumer has seen a chunk
                yield return value;
                call.Replenish();
            }
        }
        finally
        {
            call?.GiveUp(new OperationCanceledException("The stream's consumer has left."));
            givingUp.Dispose();
            _counters.End(outcome);
        }
    }

    private static CancellationTokenRegistration GiveUpWhenCancelled(PendingCall call, CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static (call, token) => ((PendingCall)call!).GiveUp(new OperationCanceledException(token)), call);

    /// <summary>
    /// Whether the call may be made again on another worker. Not if its session relies on its state: that is lost together with the worker.
    /// </summary>
    private static bool MayRetry(SessionEntry? session, CallOptions? callOptions) =>
        callOptions is { Idempotent: true } && (session is null || session.Mode == AffinityMode.Prefer);

    /// <summary>Time left for the retry. Both attempts share one limit; time in the queue does not count.</summary>
    private TimeSpan TimeLeft(PendingCall first)
    {
        if (first.Timeout == Timeout.InfiniteTimeSpan)
        {
            return first.Timeout;
        }

        var left = first.Timeout - options.TimeProvider.GetElapsedTime(first.Began);
        return left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1);
    }
}
