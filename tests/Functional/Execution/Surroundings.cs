using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>
/// Tests that what a tool finds around it (threads, event loops, context variables) depends neither on the other tools of its adapter nor
/// on the calls before it.
/// </summary>
public abstract class Surroundings<T>
    where T : ITestTransport
{
    private const string Plain = "probe_surroundings:Plain";
    private const string BesideAsync = "probe_surroundings:BesideAsync";
    private const string Threaded = "probe_surroundings:Threaded";

    [PythonTheory]
    [InlineData(Plain)]
    [InlineData(BesideAsync)]
    public async Task A_plain_tool_may_run_an_event_loop_whether_or_not_the_adapter_has_async_tools(string adapter)
    {
        await using var pool = await StartAsync(adapter);
        for (var call = 0; call < 3; call++)
        {
            Assert.Equal("driven", await pool.ExecuteAsync<string>("drives_the_threads_own_loop").InTime());
            Assert.Equal("ran", await pool.ExecuteAsync<string>("runs_a_loop").InTime());
        }
    }

    [PythonTheory]
    [InlineData(Plain)]
    [InlineData(BesideAsync)]
    public async Task A_plain_tool_runs_on_the_main_thread_and_inside_of_no_loop(string adapter)
    {
        await using var pool = await StartAsync(adapter);
        var seen = await pool.ExecuteAsync<Dictionary<string, JsonElement>>("sees").InTime();
        Assert.Equal(
            """{"main thread":true,"running loop":"","handled exception":false,"hooks of a loop":false}""",
            JsonSerializer.Serialize(seen));
    }

    [PythonTheory]
    [InlineData(Plain)]
    [InlineData(BesideAsync)]
    public async Task A_plain_tool_that_waits_in_a_loop_of_its_own_is_cancelled_and_the_next_call_runs(string adapter)
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        await using var pool = await StartAsync(adapter);
        var waiting = pool.ExecuteAsync("waits_in_a_loop", new { marker = marker.Path }, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.InTime());
        Assert.Equal("ran", await pool.ExecuteAsync<string>("runs_a_loop").InTime());
    }

    [PythonFact]
    public async Task A_task_that_an_async_tool_has_left_behind_goes_on_after_plain_calls()
    {
        await using var pool = await StartAsync(BesideAsync);
        await pool.ExecuteAsync("leaves_a_task").InTime();
        Assert.Equal("ran", await pool.ExecuteAsync<string>("runs_a_loop").InTime());
        Assert.True(await pool.ExecuteAsync<bool>("counts_on").InTime());
    }

    [PythonTheory]
    [InlineData(Plain, "finds", 1)]
    [InlineData(BesideAsync, "finds", 1)]
    [InlineData(BesideAsync, "finds_async", 1)]
    [InlineData(Threaded, "finds", 4)]
    [InlineData(Threaded, "finds_async", 4)]
    public async Task A_call_finds_the_context_that_start_has_left_and_not_what_other_calls_have_set(
        string adapter, string tool, int capacity)
    {
        await using var pool = await StartAsync(adapter, capacity);
        for (var call = 0; call < 3; call++)
        {
            var found = await pool.ExecuteAsync<JsonElement>(tool).InTime();
            Assert.Equal("""["unset","set by start",7,"0.3333333"]""", JsonSerializer.Serialize(found));
        }
    }

    [PythonTheory]
    [InlineData(Plain, "chunks", 1)]
    [InlineData(BesideAsync, "chunks_async", 1)]
    [InlineData(Threaded, "chunks", 4)]
    public async Task All_chunks_of_a_stream_are_made_in_one_context_which_no_other_call_sees(string adapter, string tool, int capacity)
    {
        await using var pool = await StartAsync(adapter, capacity);
        for (var call = 0; call < 2; call++)
        {
            var chunks = await pool.StreamAsync<JsonElement>(tool).ToListAsync().InTime();
            Assert.Equal(
                """[["unset","set by start",7,"0.3333333"],["set by a call","changed by a call",3,"0.333"]]""",
                JsonSerializer.Serialize(chunks));
        }
    }

    [PythonTheory]
    [InlineData(Plain)]
    [InlineData(BesideAsync)]
    [InlineData("probe_surroundings:WithLoop")]
    [InlineData("probe_surroundings:RanInStart")]
    public async Task A_call_finds_an_event_loop_that_it_can_run_whatever_earlier_calls_have_left(string adapter)
    {
        await using var pool = await StartAsync(adapter);
        string[] left = ["nothing", "nothing", "a closed loop", "another loop", "nothing", "its loop closed", "nothing", "a closed loop"];
        foreach (var what in left)
        {
            await pool.ExecuteAsync("leaves", new { what }).InTime();
            await pool.ExecuteAsync<int>("drives_the_current_loop").InTime();
        }
    }

    [PythonTheory]
    [InlineData(Plain)]
    [InlineData(BesideAsync)]
    [InlineData("probe_surroundings:WithLoop")]
    [InlineData("probe_surroundings:RanInStart")]
    public async Task Calls_find_the_same_event_loop_although_other_calls_have_set_another_one(string adapter)
    {
        await using var pool = await StartAsync(adapter);
        for (var call = 0; call < 2; call++)
        {
            foreach (var what in new[] { "something", "nothing", "a closed loop", "another loop" })
            {
                Assert.Equal(0, await pool.ExecuteAsync<int>("drives_the_current_loop").InTime());
                await pool.ExecuteAsync("leaves", new { what }).InTime();
            }
        }
    }

    [PythonFact]
    public async Task A_plain_call_finds_its_event_loop_although_an_async_tool_has_left_the_thread_without_one()
    {
        await using var pool = await StartAsync("probe_surroundings:RanInStart");
        for (var call = 0; call < 3; call++)
        {
            Assert.Equal(0, await pool.ExecuteAsync<int>("drives_the_current_loop").InTime());
            await pool.ExecuteAsync("leaves_async").InTime();
        }
    }

    private static Task<SnakepitPool> StartAsync(string adapter, int capacity = 1) => SnakepitPool
        .StartAsync(Probe.Over<T>() with { Adapter = adapter, Workers = 1, MaxConcurrentCallsPerWorker = capacity })
        .InTime();
}

public sealed class SurroundingsOverGrpc : Surroundings<OverGrpc>;

public sealed class SurroundingsOverDirect : Surroundings<OverDirect>;
