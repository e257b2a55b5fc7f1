using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Snakepit.Contracts;
using Snakepit.Contracts.Options;
using Snakepit.Payloads;
using Snakepit.Protocol;
using Snakepit.Scheduling;
using Snakepit.Telemetry;

namespace Snakepit.Pooling;

/// <summary>
/// Runs calls from their arguments to their results: encodes the arguments, sends the call to a worker, retries idempotent calls, decodes
/// the result, and counts how each call ended.
/// </summary>
internal sealed partial class CallRunner(SnakepitOptions options, WorkerPool pool, PayloadCodec codec, PoolTelemetry telemetry)
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
    public Task<T> ExecuteAsync<T>(
        SessionEntry? session,
        string tool,
        object? arguments,
        IJsonTypeInfoResolver types,
        CallOptions? callOptions,
        CancellationToken cancellationToken) =>
        PoolTelemetry.IsListenedTo
            ? ExecuteObservedAsync(session, tool, arguments, types, callOptions, DecoderOf<T>(tool, types), cancellationToken)
            : ExecuteUnobservedAsync<T>(session, tool, arguments, types, callOptions, cancellationToken);

    /// <summary>Calls a tool and ignores its result.</summary>
    public Task ExecuteAsync(
        SessionEntry? session,
        string tool,
        object? arguments,
        IJsonTypeInfoResolver types,
        CallOptions? callOptions,
        CancellationToken cancellationToken) =>
        PoolTelemetry.IsListenedTo
            ? ExecuteObservedAsync(session, tool, arguments, types, callOptions, Released, cancellationToken)
            : ExecuteUnobservedAsync(session, tool, arguments, types, callOptions, cancellationToken);

    private static void Validate(string tool, CallOptions? callOptions)
    {
        Identifier.Require(tool, nameof(tool));
        if (callOptions?.Timeout is { } timeout)
        {
            OptionValidators.RequireDuration(timeout, nameof(CallOptions.Timeout), infinite: true);
        }
    }

    // A method of its own, because a lambda takes memory at the beginning of the method whose parameters it uses.
    private Func<Payload, T> DecoderOf<T>(string tool, IJsonTypeInfoResolver types) => result => codec.Decode<T>(tool, result, types);

    private static object? Released(Payload result)
    {
        result.Release();
        return null;
    }

    // The calls that somebody observes have a method of their own, so that the others need no memory for what the listeners want.
    private async Task<T> ExecuteObservedAsync<T>(
        SessionEntry? session,
        string tool,
        object? arguments,
        IJsonTypeInfoResolver types,
        CallOptions? callOptions,
        Func<Payload, T> decode,
        CancellationToken cancellationToken)
    {
        Validate(tool, callOptions);
        _counters.Start();
        var observed = telemetry.Observe(tool, session?.Key);
        try
        {
            var result = await CallAsync(session, tool, arguments, types, callOptions, observed, cancellationToken).ConfigureAwait(false);
            var value = decode(result);
            _counters.End(CallOutcome.Succeeded);
            return value;
        }
        catch (Exception exception)
        {
            _counters.End(CallCounters.OutcomeOf(exception));
            observed?.Fail(exception);
            throw;
        }
        finally
        {
            observed?.End();
        }
    }

    private async Task<T> ExecuteUnobservedAsync<T>(
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
            var result = await CallAsync(session, tool, arguments, types, callOptions, observed: null, cancellationToken)
                .ConfigureAwait(false);
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

    private async Task ExecuteUnobservedAsync(
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
            var result = await CallAsync(session, tool, arguments, types, callOptions, observed: null, cancellationToken)
                .ConfigureAwait(false);
            result.Release();
            _counters.End(CallOutcome.Succeeded);
        }
        catch (Exception exception)
        {
            _counters.End(CallCounters.OutcomeOf(exception));
            throw;
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
        ObservedCall? observed,
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
                var call = observed is null
                    ? new UnaryCall(tool) { Session = session, Timeout = timeout }
                    : new ObservedUnaryCall(tool, observed) { Session = session, Timeout = timeout };
                try
                {
                    _dispatcher.Dispatch(call, encoded, left, cancellationToken);
                    using var givingUp = GiveUpWhenCancelled(call, cancellationToken);
                    return await call.Result.ConfigureAwait(false);
                }
                catch (WorkerLostException lost) when (mayRetry)
                {
                    mayRetry = false;
                    _counters.Retry();
                    observed?.Retry(lost);
                    left = TimeLeft(call);
                }
            }
        }
        finally
        {
            encoded.Release();
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
