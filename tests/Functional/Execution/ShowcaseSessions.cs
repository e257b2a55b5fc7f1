using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests that the showcase's counters belong to sessions, in a pool of two workers.</summary>
public abstract class ShowcaseSessions<T>
    where T : ITestTransport
{
    [PythonFact]
    public async Task Each_session_counts_for_itself_whatever_the_others_do()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>(Probe.Showcase)).InTime();
        var counted = await Task.WhenAll(Enumerable.Range(0, 50).Select(async number =>
        {
            await using var session = pool.OpenSession($"session {number}", AffinityMode.Wait);
            Assert.Equal(number, await session.ExecuteAsync<int>("set_counter", new { value = number }).InTime());
            for (var step = 1; step <= 10; step++)
            {
                Assert.Equal(number + step, await session.ExecuteAsync<int>("increment_counter").InTime());
            }

            await session.ExecuteAsync<int>("increment_counter", new { by = -20 }).InTime();
            return await session.ExecuteAsync<int>("get_counter").InTime();
        }));
        Assert.Equal(Enumerable.Range(-10, 50), counted);
    }

    [PythonFact]
    public async Task A_session_that_is_opened_again_counts_from_zero()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>(Probe.Showcase)).InTime();
        for (var time = 0; time < 2; time++)
        {
            await using var session = pool.OpenSession("again", AffinityMode.Wait);
            Assert.Equal(0, await session.ExecuteAsync<int>("get_counter").InTime());
            Assert.Equal(3, await session.ExecuteAsync<int>("increment_counter", new { by = 3 }).InTime());
        }
    }

    [PythonFact]
    public async Task A_counter_without_a_session_is_refused()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>(Probe.Showcase) with { Workers = 1 }).InTime();
        var refused = await Assert.ThrowsAsync<PythonException>(() => pool.ExecuteAsync<int>("increment_counter").InTime());
        Assert.Equal("ValueError", refused.PythonType);
        Assert.Contains("open one with OpenSession", refused.PythonMessage, StringComparison.Ordinal);
    }
}

public sealed class ShowcaseSessionsOverGrpc : ShowcaseSessions<OverGrpc>;

public sealed class ShowcaseSessionsOverDirect : ShowcaseSessions<OverDirect>;
