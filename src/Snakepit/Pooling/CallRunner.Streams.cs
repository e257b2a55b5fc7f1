using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Snakepit.Payloads;
using Snakepit.Protocol;
using Snakepit.Scheduling;

namespace Snakepit.Pooling;

/// <summary>The part that runs calls whose answers are streams.</summary>
internal sealed partial class CallRunner
{
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

    private async IAsyncEnumerable<T> IterateAsync<T>(
        SessionEntry? session,
        string tool,
        object? arguments,
        IJsonTypeInfoResolver types,
        CallOptions? callOptions,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _counters.Start();
        var observed = telemetry.Observe(tool, session?.Key);
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
                        call = new StreamingCall(tool, options.StreamBuffer, observed) { Session = session, Timeout = timeout };
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
                catch (WorkerLostException lost) when (mayRetry)
                {
                    mayRetry = false;
                    _counters.Retry();
                    observed?.Retry(lost);
                    givingUp.Dispose();
                    left = TimeLeft(call!);
                    call = null;
                    continue;
                }
                catch (Exception exception)
                {
                    outcome = CallCounters.OutcomeOf(exception);
                    observed?.Fail(exception);
                    throw;
                }

                mayRetry = false; // a retry would repeat chunks that the consumer has seen
                observed?.ChunkTaken();
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
            observed?.End();
        }
    }
}
