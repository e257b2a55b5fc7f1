using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;
using Snakepit.Payloads;
using Snakepit.Protocol;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests the time limits of running calls with a fake clock.</summary>
public sealed class Deadlines : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<ulong> _late = [];
    private readonly RunningCalls _calls;

    public Deadlines() => _calls = new RunningCalls(_time, call => _late.Add(call.Id));

    public void Dispose() => _calls.Dispose();

    [Fact]
    public void Each_call_times_out_at_its_own_deadline_in_whatever_order_the_calls_were_added()
    {
        Begin(1, seconds: 30);
        Begin(2, seconds: 10);
        Begin(3, seconds: 20);
        Assert.Empty(LateAfter(9.999));
        Assert.Equal([2], LateAfter(0.001));
        Assert.Equal([3], LateAfter(10));
        Assert.Equal([1], LateAfter(10));
        Assert.Empty(LateAfter(1000));
    }

    [Fact]
    public void A_call_that_has_ended_does_not_time_out()
    {
        Begin(1, seconds: 10);
        LateAfter(6);
        Assert.NotNull(_calls.Remove(1));
        Begin(2, seconds: 10);
        Assert.Empty(LateAfter(9));
        Assert.Equal([2], LateAfter(1));
    }

    [Fact]
    public void A_call_without_a_time_limit_never_times_out()
    {
        Begin(1, seconds: null);
        Begin(2, seconds: 10);
        Assert.Equal([2], LateAfter(1_000_000));
        Assert.NotNull(_calls.Find(1));
    }

    [Fact]
    public void A_call_that_begins_after_all_others_have_ended_still_times_out()
    {
        Begin(1, seconds: 10);
        Assert.Equal([1], LateAfter(10));
        _calls.Remove(1);
        LateAfter(100);
        Begin(2, seconds: 10);
        Assert.Equal([2], LateAfter(10));
    }

    [Fact]
    public void A_call_to_a_lost_worker_fails_at_once()
    {
        var running = Begin(1, seconds: 10);
        _calls.Fail(call => new InvalidOperationException($"lost {call.Id}"));
        Assert.Equal("lost 1", Assert.Throws<InvalidOperationException>(() => running.Result.GetAwaiter().GetResult()).Message);
        var next = Begin(2, seconds: 10, isTaken: false);
        Assert.Equal("lost 2", Assert.Throws<InvalidOperationException>(() => next.Result.GetAwaiter().GetResult()).Message);
        Assert.Empty(LateAfter(100));
    }

    [Fact]
    public async Task The_first_outcome_of_a_call_is_final()
    {
        var call = Begin(1, seconds: 10);
        call.Complete(new Payload(ByteString.CopyFromUtf8("1"), Attachments: null), failure: null, inline: false);
        call.Complete(result: default, new InvalidOperationException("too late"), inline: true);
        Assert.False(call.Abandon(new InvalidOperationException("too late")));
        Assert.Equal("1", (await call.Result).Json.ToStringUtf8());
    }

    /// <summary>
    /// Adds a call whose time limit is <paramref name="seconds"/>, or that has no time limit if <paramref name="seconds"/> is null. Checks
    /// that the set of running calls accepts the call, or that it refuses the call if <paramref name="isTaken"/> is false.
    /// </summary>
    private UnaryCall Begin(ulong id, double? seconds, bool isTaken = true)
    {
        var call = new UnaryCall("tool") { Timeout = TimeSpan.Zero, Id = id };
        if (seconds is { } left)
        {
            call.Deadline = _time.GetTimestamp() + (long)(left * _time.TimestampFrequency);
        }

        Assert.Equal(isTaken, _calls.Add(call));
        return call;
    }

    /// <summary>Advances the clock by <paramref name="seconds"/> and returns the ids of the calls that time out meanwhile.</summary>
    private List<ulong> LateAfter(double seconds)
    {
        _late.Clear();
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return [.. _late];
    }
}
