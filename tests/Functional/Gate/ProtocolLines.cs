using System.Text.Json;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests the lines that an orchestrator and its hosts write to each other. The hosts of pinned commits, which are older, must still be able
/// to read them. Lines of new slots may be added to this list, but no line in it may change.
/// </summary>
public sealed class ProtocolLines
{
    private static readonly (Slot Slot, string Line)[] Lines =
    [
        (new StartSlot(8), """{"id":7,"slot":"start","workers":8,"kind":"cold"}"""),
        (new StartSlot(16, StartKind.Warm), """{"id":7,"slot":"start","workers":16,"kind":"warm"}"""),
        (new StopSlot(), """{"id":7,"slot":"stop"}"""),
        (new TemplateSlot(16), """{"id":7,"slot":"template","workers":16}"""),
        (new SequentialStartsSlot(4), """{"id":7,"slot":"sequential","workers":4}"""),
        (new MemorySlot(), """{"id":7,"slot":"memory"}"""),
        (new TransportSlot(WorkerTransport.Grpc), """{"id":7,"slot":"transport","kind":"Grpc"}"""),
        (new PreparationSlot(0.5), """{"id":7,"slot":"preparation","amount":0.5}"""),
        (new ClosedLoopSlot(20, 50), """{"id":7,"slot":"closed","callers":20,"milliseconds":50}"""),
        (new BareLoopSlot(8, 150), """{"id":7,"slot":"bare","workers":8,"milliseconds":150}"""),
        (new OpenLoopSlot([0, 100], 12), """{"id":7,"slot":"open","starts":[0,100],"begin":12}"""),
        (new SingleCallerSlot(200), """{"id":7,"slot":"single","count":200}"""),
        (new StreamSlot(2_000), """{"id":7,"slot":"stream","count":2000}"""),
        (new PayloadSlot(10_000, 50), """{"id":7,"slot":"payload","amount":10000,"count":50}"""),
        (new ArrayToolsSlot(), """{"id":7,"slot":"arrays"}"""),
        (new ArraySlot(ArrayWay.Shared, 1_000_000, 40), """{"id":7,"slot":"array","kind":"shared","amount":1000000,"count":40}"""),
        (new ArrayAllocationsSlot(10_000_000), """{"id":7,"slot":"array.allocations","amount":10000000}"""),
        (new RecoverySlot(1, 3), """{"id":7,"slot":"recover","count":1,"seed":3}"""),
        (new PeerLoopSlot("asgi", 8, 20, 100),
            """{"id":7,"slot":"peer","kind":"asgi","workers":8,"callers":20,"milliseconds":100}"""),
        (new PeerSingleCallerSlot("asgi", 8, 200), """{"id":7,"slot":"peer.single","kind":"asgi","workers":8,"count":200}"""),
        (new PeerArraySlot("asgi_raw", 1_000_000, 40), """{"id":7,"slot":"peer.array","kind":"asgi_raw","amount":1000000,"count":40}"""),
    ];

    [Fact]
    public void A_request_is_the_line_that_hosts_of_older_revisions_read() =>
        Assert.All(Lines, expected => Assert.Equal(expected.Line, SlotRequest.Line(7, expected.Slot)));

    [Fact]
    public void A_request_is_read_as_the_slot_that_was_written() => Assert.All(Lines, expected =>
    {
        var (request, type) = (SlotRequest.Read(expected.Line), expected.Slot.GetType());
        Assert.Equal((7, Slot.NameOf(type)), (request.Id, request.Name));
        var slot = (Slot)typeof(SlotRequest).GetMethod(nameof(SlotRequest.To))!.MakeGenericMethod(type).Invoke(request, null)!;
        Assert.Equal(expected.Line, SlotRequest.Line(7, slot));
    });

    [Fact]
    public void A_parameter_that_an_older_orchestrator_does_not_send_has_its_default() =>
        Assert.Equal(new StartSlot(8, StartKind.Cold), SlotRequest.Read("""{"id":7,"slot":"start","workers":8}""").To<StartSlot>());

    [Fact]
    public void A_reply_of_an_older_host_is_read_as_far_as_it_goes()
    {
        const string Line = """{"id":7,"values":{"ms":12.5,"step.boot":3,"ofALaterVersion":1}}""";
        var reply = Reply.Read<StartReply>(JsonSerializer.Deserialize<SlotReply>(Line, HostProtocol.Format)!);
        Assert.Equal((12.5, 3), (reply.Ms, reply.StepMs(StartStep.All.Single(step => step.Name == "boot"))));
        var missing = Assert.Throws<ValueNotSentException>(() => reply.CpuMs);
        Assert.Contains("does not measure 'cpuMs' yet", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reply_survives_being_written_and_read()
    {
        var reply = new StartReply { Ms = 1, FirstCallMs = 2 }.WithStep(StartStep.All[0], 3);
        var line = JsonSerializer.Serialize(reply.ToLine(7), HostProtocol.Format);
        var read = JsonSerializer.Deserialize<SlotReply>(line, HostProtocol.Format)!;
        Assert.Equal(7, read.Id);
        Assert.Equal(reply.Values.OrderBy(value => value.Key), read.Values.OrderBy(value => value.Key));
    }

    [Fact]
    public void A_slot_whose_meaning_changes_is_another_one_on_the_wire()
    {
        Assert.Equal("closed@2", Slot.NameOf(typeof(OfAnotherMeaning)));
        var nameless = Assert.Throws<InvalidOperationException>(() => Slot.NameOf(typeof(Nameless)));
        Assert.Contains("needs the attribute [SlotName", nameless.Message, StringComparison.Ordinal);
    }

    [SlotName("closed", Version = 2)]
    private sealed record OfAnotherMeaning : Slot<EmptyReply>;

    private sealed record Nameless : Slot<EmptyReply>;
}
