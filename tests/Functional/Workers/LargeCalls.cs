using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Calls of <c>python/memory_probe.py</c> with a large argument, result, chunk, error or host call.</summary>
internal static class LargeCalls
{
    private static readonly string[] Plain =
    [
        "size", "size_with_context", "size_then_raise", "size_then_chunks", "size_of_wrong_type", "make", "make_chunks",
        "raise_with_attribute", "send_to_host",
    ];

    private static readonly string[] Async =
    [
        "size_async", "size_with_context_async", "size_then_raise_async", "size_then_chunks_async", "make_async", "make_chunks_async",
        "send_to_host_async",
    ];

    /// <summary>The tools that take or give something large: plain tools, or those that make the adapter different.</summary>
    public static string[] Tools(string adapter) => adapter == "memory_probe" ? Plain : [.. Async, "size", "make"];

    public static SnakepitOptions Options<T>(string adapter, int capacity)
        where T : ITestTransport => Probe.Over<T>() with
        {
            Adapter = adapter,
            Workers = 1,
            MaxConcurrentCallsPerWorker = capacity,
            HostTools = new Dictionary<string, HostTool> { ["give"] = HostTool.Create((Given given) => given.Text) },
        };

    /// <summary>Calls a tool with something of <paramref name="mb"/> MiB, and throws what the call throws.</summary>
    public static async Task CallAsync(SnakepitPool pool, string tool, int mb)
    {
        var takesText = tool.StartsWith("size", StringComparison.Ordinal);
        object arguments = takesText ? new { text = new string('x', mb * 1024 * 1024) } : new { mb };
        if (tool.Contains("chunks", StringComparison.Ordinal))
        {
            await foreach (var chunk in pool.StreamAsync<JsonElement>(tool, arguments))
            {
                Assert.NotEqual(JsonValueKind.Null, chunk.ValueKind);
            }
        }
        else
        {
            await pool.ExecuteAsync(tool, arguments);
        }
    }

    private sealed record Given(int Mb, string Text);
}
