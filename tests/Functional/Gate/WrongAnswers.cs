using Snakepit.Benchmarks.Host;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Host.Slots;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests that slots fail if what they measure has a wrong result, because a wrong answer may well be a fast one.</summary>
public sealed class WrongAnswers
{
    [PythonFact]
    public async Task A_lost_chunk_fails_the_slots_that_read_streams()
    {
        await using var state = await StartAsync();
        var lost = await FailureOf(state, new StreamsSlot(Streams: 1, Chunks: 9));
        Assert.Contains("Chunk 4 of 9 has followed chunk 2", lost, StringComparison.Ordinal);
        var early = await FailureOf(state, new SlowReaderSlot(Chunks: 5, Characters: 10, PauseMs: 1));
        Assert.Contains("A stream of 5 chunks has ended after 4", early, StringComparison.Ordinal);
        await AssertRunsAsync(state, new FirstChunkSlot(Count: 1)); // its streams are too short to lose the third chunk
    }

    [PythonFact]
    public async Task A_wrong_state_fails_the_slots_that_use_sessions_and_the_error_names_the_session()
    {
        await using var state = await StartAsync();
        await AssertRunsAsync(state, new SessionLoopSlot(SessionUse.Wait, Callers: 1, Milliseconds: 20));
        var forgotten = await FailureOf(state, new SessionLoopSlot(SessionUse.Wait, Callers: 2, Milliseconds: 20));
        Assert.Contains("The state of session 'session 2' is wrong", forgotten, StringComparison.Ordinal);
        var mixed = await FailureOf(state, new ZipfSessionsSlot(Sessions: 3, Callers: 1, Count: 1));
        Assert.Contains("The state of session 'session 3' is wrong: it belongs to 'session 2'", mixed, StringComparison.Ordinal);
        var late = await FailureOf(state, new ZipfSessionsSlot(Sessions: 2, Callers: 1, Count: 0));
        Assert.Contains("counts 0 calls, and 1 to 1 were expected", late, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task A_call_to_dotnet_that_was_not_made_fails_the_slots_that_call_it()
    {
        await using var state = await StartAsync();
        Assert.Contains("called .NET 4 times, and 5 were expected", await FailureOf(state, new HostCallSlot(5)), StringComparison.Ordinal);
        Assert.Contains("called .NET 3 times, and 2 were", await FailureOf(state, new NestedHostCallSlot(2, 1)), StringComparison.Ordinal);
        var loop = await FailureOf(state, new HostCallLoopSlot(Callers: 1, Milliseconds: 1));
        Assert.Contains("called .NET 9 times, and 10 were expected", loop, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task A_call_that_ends_in_another_way_than_scheduled_fails_the_slots_of_errors_and_is_named()
    {
        await using var state = await StartAsync();
        Assert.Contains(
            "Call 1 (Raises) was to end with ValueError, and has ended with KeyError.",
            await FailureOf(state, new ErrorTimesSlot(CallKind.Raises, Count: 2)),
            StringComparison.Ordinal);
        Assert.Contains(
            "Call 1 (Succeeds) was to end with the right result, and has ended with the result 3.",
            await FailureOf(state, new ErrorTimesSlot(CallKind.Succeeds, Count: 2)),
            StringComparison.Ordinal);
        await AssertRunsAsync(state, new ErrorTimesSlot(CallKind.UnknownTool, Count: 2));
        var schedule = await FailureOf(state, new ErrorScheduleSlot(Count: 7, Callers: 1));
        Assert.Contains("calls failed; the first: Call ", schedule, StringComparison.Ordinal);
        var finished = await FailureOf(state, new CancelSlot(AtSafePoint: true, Count: 1));
        Assert.Contains(
            "A call of 'wait_at_safe_point' has ended before it was cancelled.", finished, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_sessions_are_drawn_often_and_many_seldom()
    {
        var draws = ZipfDraws.Of(ranks: 1_000, count: 20_000, seed: 1);
        Assert.Equal(draws, ZipfDraws.Of(ranks: 1_000, count: 20_000, seed: 1));
        Assert.All(draws, draw => Assert.InRange(draw, 0, 999));
        var counts = draws.CountBy(draw => draw).ToDictionary();
        Assert.InRange(counts[0], 2_200, 3_200); // a share of 1 / (1 + 1/2 + … + 1/1000), which is 13 %
        Assert.InRange((double)counts[0] / counts[9], 7, 13);
        Assert.InRange(counts.Count, 800, 1_000);
    }

    private static async Task<HostState> StartAsync()
    {
        var state = new HostState();
        state.Keep(await SnakepitPool.StartAsync(Probe.Options with { Adapter = "wrong_answers" }).InTime());
        return state;
    }

    private static async Task<string> FailureOf(HostState state, Slot slot)
    {
        var reply = await RunAsync(state, slot);
        return reply.Error ?? throw new InvalidOperationException($"{slot} has not failed.");
    }

    private static async Task AssertRunsAsync(HostState state, Slot slot) => Assert.Null((await RunAsync(state, slot)).Error);

    private static Task<SlotReply> RunAsync(HostState state, Slot slot) =>
        SlotHandlers.All.RunAsync(state, SlotRequest.Read(SlotRequest.Line(1, slot))).InTime();
}
