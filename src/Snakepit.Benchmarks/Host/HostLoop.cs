using System.Reflection;
using System.Text.Json;
using Snakepit.Benchmarks.Host.Slots;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Repository;

namespace Snakepit.Benchmarks.Host;

/// <summary>The host's side of <see cref="HostProtocol"/>: reads requests, runs slots one at a time, replies.</summary>
internal static class HostLoop
{
    private static readonly IReadOnlyDictionary<string, Func<HostState, SlotRequest, Task<SlotReply>>> Slots =
        new Dictionary<string, Func<HostState, SlotRequest, Task<SlotReply>>>
        {
            ["transport"] = StartSlots.TransportAsync,
            ["preparation"] = StartSlots.PreparationAsync,
            ["start"] = StartSlots.StartAsync,
            ["stop"] = StartSlots.StopAsync,
            ["template"] = StartSlots.TemplateAsync,
            ["sequential"] = StartSlots.SequentialAsync,
            ["memory"] = StartSlots.MemoryAsync,
            ["closed"] = LoadSlots.ClosedAsync,
            ["open"] = LoadSlots.OpenAsync,
            ["single"] = LoadSlots.SingleAsync,
            ["bare"] = LoadSlots.BareAsync,
            ["stream"] = LoadSlots.StreamAsync,
            ["payload"] = LoadSlots.PayloadAsync,
            ["peer"] = PeerSlots.ClosedAsync,
            ["peer.single"] = PeerSlots.SingleAsync,
            ["recover"] = RecoverySlot.RunAsync,
            ["fault"] = FaultSlot.SetAsync,
        };

    /// <summary>Serves until the input ends.</summary>
    public static async Task RunAsync(TextReader requests, TextWriter replies)
    {
        await WriteAsync(replies, new Greeting(
            HostProtocol.Current, Revision(), AppContext.BaseDirectory, Environment.ProcessId, [.. Slots.Keys.Order(StringComparer.Ordinal)]));
        await using var state = new HostState();
        while (await requests.ReadLineAsync() is { } line)
        {
            var request = JsonSerializer.Deserialize<SlotRequest>(line, HostProtocol.Format)
                ?? throw new InvalidDataException($"A request must be an object: {line}");
            await WriteAsync(replies, await AnswerAsync(state, request));
        }
    }

    private static async Task<SlotReply> AnswerAsync(HostState state, SlotRequest request)
    {
        if (!Slots.TryGetValue(request.Slot, out var slot))
        {
            return new SlotReply(request.Id) { Unknown = true };
        }

        try
        {
            return await slot(state, request);
        }
        catch (Exception exception)
        {
            // Whatever it is, the orchestrator is told, and ends this host: a slot that failed has measured nothing.
            return new SlotReply(request.Id) { Error = exception.ToString() };
        }
    }

    private static async Task WriteAsync<T>(TextWriter replies, T message)
    {
        await replies.WriteLineAsync(JsonSerializer.Serialize(message, HostProtocol.Format));
        await replies.FlushAsync();
    }

    private static string Revision() =>
        CandidateBuild.RevisionOf(typeof(HostLoop).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
}
