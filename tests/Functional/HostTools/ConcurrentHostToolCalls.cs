using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.HostTools;

/// <summary>Tests host tools (.NET functions that Python code calls) that several calls on one worker use at once.</summary>
public abstract class ConcurrentHostToolCalls<T>
    where T : ITestTransport
{
    private static SnakepitOptions Options { get; } = Probe.Over<T>(Probe.Concurrent);

    [PythonTheory]
    [InlineData("ask_host_async")]
    [InlineData("ask_host_from_thread")]
    public async Task Several_calls_on_one_worker_can_call_the_host_at_the_same_time(string tool)
    {
        var (waiting, all) = (0, new TaskCompletionSource());
        var options = Options with
        {
            HostTools = new Dictionary<string, HostTool>
            {
                ["meet"] = HostTool.Create<Dictionary<string, int>, int>(async (arguments, cancellationToken) =>
                {
                    if (Interlocked.Increment(ref waiting) == 4)
                    {
                        all.SetResult();
                    }

                    await all.Task.WaitAsync(cancellationToken);
                    return arguments["n"];
                }),
            },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            n => pool.ExecuteAsync<int>(tool, new { name = "meet", arguments = new { n } }))).InTime();
        Assert.Equal([0, 1, 2, 3], answers);
    }

    [PythonTheory]
    [InlineData("ask_host_async")]
    [InlineData("ask_host_from_thread")]
    public async Task Cancelling_a_call_also_cancels_the_host_tool_that_it_waits_for(string tool)
    {
        var (entered, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        var options = Options with
        {
            HostTools = new Dictionary<string, HostTool>
            {
                ["wait"] = HostTool.Create<JsonElement, int>(async (_, cancellationToken) =>
                {
                    entered.SetResult();
                    await using var registration = cancellationToken.Register(left.SetResult);
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                    return 0;
                }),
            },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        using var giveUp = new CancellationTokenSource();
        var call = pool.ExecuteAsync(tool, new { name = "wait", arguments = new { } }, cancellationToken: giveUp.Token);
        await entered.Task.InTime();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        await left.Task.InTime();
        await Eventually.True(() => pool.GetStatistics().Workers[0].CallsInFlight == 0, "the call has left the worker");
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }

    [PythonFact]
    public async Task A_tool_can_cancel_its_call_to_a_host_tool_and_go_on()
    {
        var left = new TaskCompletionSource();
        var options = Options with
        {
            HostTools = new Dictionary<string, HostTool>
            {
                ["wait"] = HostTool.Create<JsonElement, int>(async (_, cancellationToken) =>
                {
                    await using var registration = cancellationToken.Register(left.SetResult);
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                    return 0;
                }),
            },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        Assert.Equal("taken back", await pool.ExecuteAsync<string>("ask_host_impatiently", new { name = "wait" }).InTime());
        await left.Task.InTime();
    }
}

public sealed class ConcurrentHostToolCallsOverGrpc : ConcurrentHostToolCalls<OverGrpc>;

public sealed class ConcurrentHostToolCallsOverDirect : ConcurrentHostToolCalls<OverDirect>;
