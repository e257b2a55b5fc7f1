using System.Net.Sockets;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>The socket of a Direct worker belongs to its host, and both keep to the protocol or part.</summary>
public sealed class DirectSocket
{
    private static readonly SnakepitOptions Options = Probe.Options with { Workers = 1, Transport = WorkerTransport.Direct };

    [PythonFact]
    public async Task A_second_client_finds_nobody_and_the_host_goes_on()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var endpoint = new UnixDomainSocketEndPoint(pool.GetStatistics().Workers[0].Endpoint["unix:".Length..]);
        using var second = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await Assert.ThrowsAnyAsync<SocketException>(() => second.ConnectAsync(endpoint).InTime());
        Assert.Equal(pool.ProcessIds()[0], await pool.ExecuteAsync<int>("pid").InTime());
    }

    [PythonTheory]
    [InlineData("ffffffff", "The worker announced a frame of 4,294,967,295 bytes")]
    [InlineData("03000000ffffff", "The worker sent 3 bytes that are not a valid frame")]
    [InlineData("00000000", "The worker sent a frame of an unknown kind")]
    public async Task A_worker_that_breaks_the_protocol_is_lost_and_replaced_and_its_caller_told_why(string sent, string told)
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("send_to_host", new { sent }).InTime());
        Assert.Contains($"broke the protocol while it ran tool 'send_to_host': {told}", lost.Message, StringComparison.Ordinal);
        await pool.IsAtFullStrength(1);
        Assert.Equal(pool.ProcessIds()[0], await pool.ExecuteAsync<int>("pid").InTime());
    }

    [PythonFact]
    public async Task A_worker_that_ends_in_the_middle_of_a_frame_is_lost_like_any_other()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("send_to_host", new { sent = "10000000aa", exit = 5 }).InTime());
        Assert.Equal(5, lost.ExitCode);
    }

    [PythonTheory]
    [InlineData(WorkerTransport.Direct)]
    [InlineData(WorkerTransport.Grpc)]
    public async Task A_worker_that_floods_its_callers_is_lost(WorkerTransport transport)
    {
        await using var pool = await SnakepitPool.StartAsync(Options with { Transport = transport, StreamBuffer = 4 }).InTime();
        var lost = await Assert.ThrowsAsync<WorkerLostException>(async () =>
        {
            await foreach (var _ in pool.StreamAsync<int>("flood").WithCancellation(CancellationToken.None))
            {
                await pool.IsAtFullStrength(1); // the consumer is in no hurry
            }
        }).InTime();
        Assert.Contains("sends more chunks than the 4", lost.Message, StringComparison.Ordinal);
    }
}
