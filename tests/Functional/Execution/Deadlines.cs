using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;
using Snakepit.Protocol;

namespace Snakepit.Tests.Functional.Execution;

public sealed class Deadlines : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<ulong> _late = [];
    private readonly RunningCalls _calls;

    public Deadlines() => _calls = new RunningCalls(_time, call => _late.Add(call.Id));

    public void Dispose() => _calls.Dispose();

    [Fact]
    public void Each_call_has_its_own_whatever_order_they_come_in()
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
    public void A_call_that_has_ended_is_not_late()
    {
        Begin(1, seconds: 10);
        LateAfter(6);
        Assert.NotNull(_calls.Remove(1));
        Begin(2, seconds: 10);
        Assert.Empty(LateAfter(9));
        Assert.Equal([2], LateAfter(1));
    }

    [Fact]
    public void A_call_without_limit_is_never_late()
    {
        Begin(1, seconds: null);
        Begin(2, seconds: 10);
        Assert.Equal([2], LateAfter(1_000_000));
        Assert.NotNull(_calls.Find(1));
    }

    [Fact]
    public void After_a_pause_the_first_call_is_watched_again()
    {
        Begin(1, seconds: 10);
        Assert.Equal([1], LateAfter(10));
        _calls.Remove(1);
        LateAfter(100);
        Begin(2, seconds: 10);
        Assert.Equal([2], LateAfter(10));
    }

    [Fact]
    public void A_call_for_a_lost_worker_ends_at_once()
    {
        var running = Begin(1, seconds: 10);
        _calls.Fail(call => new InvalidOperationException($"lost {call.Id}"));
        Assert.Equal("lost 1", Assert.Throws<InvalidOperationException>(() => running.Result.GetAwaiter().GetResult()).Message);
        Assert.Equal("lost 2", Assert.Throws<InvalidOperationException>(() => Begin(2, seconds: 10, isTaken: false).Result.GetAwaiter().GetResult()).Message);
        Assert.Empty(LateAfter(100));
    }

    [Fact]
    public async Task A_caller_is_told_once_whatever_comes_afterwards()
    {
        var call = Begin(1, seconds: 10);
        call.Complete(ByteString.CopyFromUtf8("1"), failure: null, inline: false);
        call.Complete(result: null, new InvalidOperationException("too late"), inline: true);
        Assert.False(call.Abandon(new InvalidOperationException("too late")));
        Assert.Equal("1", (await call.Result).ToStringUtf8());
    }

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

    private List<ulong> LateAfter(double seconds)
    {
        _late.Clear();
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return [.. _late];
    }
}
