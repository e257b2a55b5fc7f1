using System.Net.Sockets;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests the socket that connects a worker to its host in the Direct transport. No other process can use the socket, and the pool replaces
/// a worker that breaks the protocol.
/// </summary>
public sealed class DirectSocket
{
    private static readonly SnakepitOptions Options = Probe.Options with { Workers = 1, Transport = WorkerTransport.Direct };

    [PythonFact]
    public async Task A_second_client_cannot_connect_to_the_socket_of_a_worker_which_goes_on_to_answer_the_host()
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
    public async Task A_worker_that_breaks_the_protocol_is_replaced_and_its_caller_gets_the_reason(string sent, string reason)
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("send_to_host", new { sent }).InTime());
        Assert.Contains($"broke the protocol while it ran tool 'send_to_host': {reason}", lost.Message, StringComparison.Ordinal);
        await pool.WaitForIdleWorkers(1);
        Assert.Equal(pool.ProcessIds()[0], await pool.ExecuteAsync<int>("pid").InTime());
    }

    [PythonFact]
    public async Task A_worker_that_exits_in_the_middle_of_a_frame_is_reported_with_its_exit_code()
    {
        await using var pool = await SnakepitPool.StartAsync(Options).InTime();
        var beginning = new { sent = "10000000aa", exit = 5 }; // announces a frame of 16 bytes and sends one of them
        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("send_to_host", beginning).InTime());
        Assert.Equal(5, lost.ExitCode);
    }

    [PythonTheory]
    [InlineData(WorkerTransport.Direct)]
    [InlineData(WorkerTransport.Grpc)]
    public async Task A_worker_that_sends_more_chunks_than_it_may_is_treated_as_lost(WorkerTransport transport)
    {
        await using var pool = await SnakepitPool.StartAsync(Options with { Transport = transport, StreamBuffer = 4 }).InTime();
        var lost = await Assert.ThrowsAsync<WorkerLostException>(async () =>
        {
            await foreach (var _ in pool.StreamAsync<int>("flood").WithCancellation(CancellationToken.None))
            {
                await pool.WaitForIdleWorkers(1); // the test reads no second chunk before the worker has been replaced
            }
        }).InTime();
        Assert.Contains("sends more chunks than the 4", lost.Message, StringComparison.Ordinal);
    }
}
