using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>
/// Tests that code of the adapter that makes arguments, results, chunks and messages runs in the context of its call: it finds what the
/// tool has set, and nothing that another call has set.
/// </summary>
public abstract class OwnContexts<T>
    where T : ITestTransport
{
    private const string Plain = "probe_plain_contexts";
    private const string BesideAsync = "probe_contexts";

    [PythonTheory]
    [InlineData(Plain, "", 1)]
    [InlineData(BesideAsync, "", 1)]
    [InlineData(BesideAsync, "_async", 1)]
    [InlineData(BesideAsync, "", 3)]
    [InlineData(BesideAsync, "_async", 3)]
    public async Task Arguments_and_answers_are_made_in_the_context_of_their_call(string adapter, string suffix, int capacity)
    {
        var options = Probe.Over<T>() with
        {
            Adapter = adapter,
            Workers = 1,
            MaxConcurrentCallsPerWorker = capacity,
            HostTools = new Dictionary<string, HostTool> { ["same"] = HostTool.Create((Dictionary<string, JsonElement> all) => all["it"]) },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        foreach (var name in new[] { "Ada", "Grace" })
        {
            var arguments = new { given = new { name } };
            Assert.Equal(
                ["nobody", "0.3333333333333333333333333333", name, "0.333"],
                await pool.ExecuteAsync<string[]>("argument" + suffix, arguments).InTime());
            Assert.Equal([name, "0.333"], await pool.ExecuteAsync<string[]>("result" + suffix, arguments).InTime());
            Assert.Equal([name, "0.333"], await pool.ExecuteAsync<string[]>("passed" + suffix, arguments).InTime());
            Assert.Equal(
                [[name, "0.333"], ["who has got the result", "0.33333"]],
                await pool.StreamAsync<string[]>("chunks" + suffix, arguments).ToListAsync().InTime());
            var error = await Assert.ThrowsAsync<PythonException>(() => pool.ExecuteAsync("error" + suffix, arguments).InTime());
            Assert.Equal($"for {name}", error.PythonMessage);
        }
    }
}

public sealed class OwnContextsOverGrpc : OwnContexts<OverGrpc>;

public sealed class OwnContextsOverDirect : OwnContexts<OverDirect>;
