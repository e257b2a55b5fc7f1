using System.Reflection;
using System.Text.Json;
using Snakepit.Benchmarks.Host.Slots;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Repository;

namespace Snakepit.Benchmarks.Host;

/// <summary>
/// The main loop of a benchmark host, a process that measures the pool in its own build. The loop reads requests from the <c>bench</c>
/// process that started the host, runs one slot at a time, and writes the replies, as <see cref="HostProtocol"/> describes.
/// </summary>
internal static class HostLoop
{
    /// <summary>Sends the greeting, and then answers requests until the input ends.</summary>
    public static async Task RunAsync(TextReader requests, TextWriter replies)
    {
        var handlers = SlotHandlers.All;
        await WriteAsync(
            replies, new Greeting(Revision(), AppContext.BaseDirectory, Environment.ProcessId, handlers.Names, HostProtocol.Current));
        await using var state = new HostState();
        while (await requests.ReadLineAsync() is { } line)
        {
            await WriteAsync(replies, await handlers.RunAsync(state, SlotRequest.Read(line)));
        }
    }

    private static async Task WriteAsync<T>(TextWriter replies, T message)
    {
        await replies.WriteLineAsync(JsonSerializer.Serialize(message, HostProtocol.Format));
        await replies.FlushAsync();
    }

    private static string Revision()
    {
        var version = typeof(HostLoop).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        return CandidateBuild.RevisionOf(version?.InformationalVersion);
    }
}
