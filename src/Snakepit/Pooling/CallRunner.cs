using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Snakepit.Contracts;
using Snakepit.Contracts.Options;
using Snakepit.Payloads;
using Snakepit.Protocol;
using Snakepit.Scheduling;

namespace Snakepit.Pooling;

/// <summary>
/// Runs calls from their arguments to their results: encodes the arguments, sends the call to a worker, retries idempotent calls, decodes
/// the result, and counts how each call ended.
/// </summary>
internal sealed class CallRunner(SnakepitOptions options, WorkerPool pool, PayloadCodec codec)
{
    private readonly CallDispatcher _dispatcher = new(pool);
    private readonly CallCounters _counters = new();

    public CallStatistics Snapshot() => _counters.Snapshot();

    /// <summary>Calls a tool and decodes its result.</summary>
    /// <param name="session">The session of the call; null if it has none.</param>
    /// <param name="tool">The name of the tool.</param>
    /// <param name="arguments">The arguments, which may be <see cref="DescribedArguments"/>.</param>
    /// <param name="types">What describes the type of the result, and of other arguments.</param>
    /// <param name="callOptions">The options of the call.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<T> ExecuteAsync<T>(
        SessionEntry? session,
        string tool,
        object? arguments,
        IJsonTypeInfoResolver types,
        CallOptions? callOptions,
        CancellationToken cancellationToken)
    {
        Validate(tool, callOptions);
        _counters.Start();
        try
        {
            var result = await CallAsync(session, tool, arguments, types, callOptions, cancellationToken).ConfigureAwait(false);
            var value = codec.Decode<T>(tool, result, types);
            _counters.End(CallOutcome.Succeeded);
            return value;
        }
        catch (Exception exception)
        {
            _counters.End(CallCounters.OutcomeOf(exception));
            throw;
        }
    }

    /// <summary>Calls a tool and ignores its result.</summary>
    public async Task ExecuteAsync(
        SessionEntry? session,
        string tool,
        object? arguments,
        IJsonTypeInfoResolver types,
        CallOptions? callOptions,
        CancellationToken cancellationToken)
    {
        Validate(tool, callOptions);
        _counters.Start();
        try
        {
            var result = await CallAsync(session, tool, arguments, types, callOptions, cancellationToken).ConfigureAwait(false);
            result.Release();
            _counters.End(CallOutcome.Succeeded);
        }
        catch (Exception exception)
        {
            _counters.End(CallCounters.OutcomeOf(exception));
            throw;
        }
    }

    /// <summary>Calls a generator and returns its chunks. The call begins with the first <c>MoveNextAsync</c>.</summary>
    public IAsyncEnumerable<T> StreamAsync<T>(
        SessionEntry? session,
        string tool,
        object? arguments,
        IJsonTypeInfoResolver types,
        CallOptions? callOptions,
        CancellationToken cancellationToken)
    {
        Validate(tool, callOptions);
        return IterateAsync<T>(session, tool, arguments, types, callOptions, cancellationToken);
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
    private async ValueTask<Payload> CallAsync(
        SessionEntry? session,
        string tool,
        object? arguments,
        IJsonTypeInfoResolver types,
        CallOptions? callOptions,
        CancellationToken cancellationToken)
    {
        var encoded = codec.Encode(tool, arguments, types);
        var mayRetry = MayRetry(session, callOptions);
        var timeout = callOptions?.Timeout ?? options.CallTimeout;
        var left = timeout;
        try
        {
            while (true)
            {
                var call = new UnaryCall(tool) { Session = session, Timeout = timeout };
                try
                {
                    _dispatcher.Dispatch(call, encoded, left, cancellationToken);
                    using var givingUp = GiveUpWhenCancelled(call, cancellationToken);
                    return await call.Result.ConfigureAwait(false);
                }
                catch (WorkerLostException) when (mayRetry)
                {
                    mayRetry = false;
                    _counters.Retry();
                    left = TimeLeft(call);
                }
            }
        }
        finally
        {
            encoded.Release();
        }
    }

    private async IAsyncEnumerable<T> IterateAsync<T>(
        SessionEntry? session,
        string tool,
        object? arguments,
        IJsonTypeInfoResolver types,
        CallOptions? callOptions,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _counters.Start();
        var outcome = CallOutcome.Cancelled; // the outcome if the consumer stops reading before the end of the stream
        var mayRetry = MayRetry(session, callOptions);
        var timeout = callOptions?.Timeout ?? options.StreamTimeout;
        var left = timeout;
        Payload? encoded = null;
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
                        _dispatcher.Dispatch(call, encoded ??= codec.Encode(tool, arguments, types), left, cancellationToken);
                        givingUp = GiveUpWhenCancelled(call, cancellationToken);
                    }

                    var chunk = await call.ReadAsync().ConfigureAwait(false);
                    cancellationToken.ThrowIfCancellationRequested();
                    if (chunk is not { } received)
                    {
                        outcome = CallOutcome.Succeeded;
                        yield break;
                    }

                    value = codec.Decode<T>(tool, received, types);
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

                mayRetry = false; // a retry would repeat chunks that the consumer has seen
                yield return value;
                call.Replenish();
            }
        }
        finally
        {
            call?.GiveUp(new OperationCanceledException("The stream's consumer has left."));
            call?.ReleaseChunks();
            encoded?.Release();
            givingUp.Dispose();
            _counters.End(outcome);
        }
    }

    private static CancellationTokenRegistration GiveUpWhenCancelled(PendingCall call, CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static (call, token) => ((PendingCall)call!).GiveUp(new OperationCanceledException(token)), call);

    /// <summary>
    /// Returns true if a call whose worker was lost may be made again on another worker. A call that relies on its session's state may not,
    /// because the state was lost together with the worker.
    /// </summary>
    private static bool MayRetry(SessionEntry? session, CallOptions? callOptions) =>
        callOptions is { Idempotent: true } && (session is null || session.Mode == AffinityMode.Prefer);

    /// <summary>
    /// Returns the time left for the second attempt of a retried call. Both attempts share one time limit, in which time in the queue does
    /// not count.
    /// </summary>
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
