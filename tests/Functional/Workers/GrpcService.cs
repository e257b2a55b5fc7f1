using Grpc.Core;
using Grpc.Health.V1;
using Snakepit.Protocol.Grpc;
using Snakepit.Protocol.V1;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests that a worker with the gRPC transport is an ordinary gRPC server, which standard tools can query.</summary>
public sealed class GrpcService
{
    private const int MaxMessage = 1024 * 1024;

    [PythonTheory]
    [InlineData("")]
    [InlineData("snakepit.v1.Worker")]
    public async Task A_worker_answers_health_checks_even_while_it_is_busy(string service)
    {
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        await using var pool = await SnakepitPool.StartAsync(Probe.Options with { Workers = 1 }).InTime();
        using var channel = GrpcTransport.CreateChannel(pool.GetStatistics().Workers[0].Endpoint, MaxMessage);
        var health = new Health.HealthClient(channel);
        var request = new HealthCheckRequest { Service = service };
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await health.CheckAsync(request).ResponseAsync.InTime()).Status);

        var busy = pool.ExecuteAsync("busy_loop", new { marker = marker.Path }, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await health.CheckAsync(request).ResponseAsync.InTime()).Status);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => busy.InTime());
    }

    [PythonFact]
    public async Task A_client_that_watches_the_health_of_a_worker_sees_it_stop()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Options with { Workers = 1 }).InTime();
        using var channel = GrpcTransport.CreateChannel(pool.GetStatistics().Workers[0].Endpoint, MaxMessage);
        using var watch = new Health.HealthClient(channel).Watch(new HealthCheckRequest());
        Assert.True(await watch.ResponseStream.MoveNext().InTime());
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, watch.ResponseStream.Current.Status);

        await pool.DisposeAsync().InTime();

        try
        {
            // The worker may end before it has sent the status NotServing. Then the stream of statuses ends with an error.
            while (await watch.ResponseStream.MoveNext().InTime())
            {
                Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, watch.ResponseStream.Current.Status);
            }
        }
        catch (RpcException exception)
        {
            Assert.Equal(StatusCode.Unavailable, exception.StatusCode);
        }
    }

    [PythonFact]
    public async Task A_health_check_of_a_service_that_does_not_exist_is_answered_as_unknown()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Options with { Workers = 1 }).InTime();
        using var channel = GrpcTransport.CreateChannel(pool.GetStatistics().Workers[0].Endpoint, MaxMessage);
        var health = new Health.HealthClient(channel);
        var request = new HealthCheckRequest { Service = "no.such.Service" };
        var refused = await Assert.ThrowsAsync<RpcException>(() => health.CheckAsync(request).ResponseAsync.InTime());
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        using var watch = health.Watch(request);
        Assert.True(await watch.ResponseStream.MoveNext().InTime());
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.ServiceUnknown, watch.ResponseStream.Current.Status);
    }

    [PythonFact]
    public async Task A_second_host_is_refused_and_the_first_is_not_disturbed()
    {
        using var gate = new Marker();
        await using var pool = await SnakepitPool.StartAsync(Probe.Options with { Workers = 1 }).InTime();
        var running = pool.ExecuteAsync<string>("until", new { gate = gate.Path, marker = gate.At("running") });
        await gate.WrittenAsync("running");
        using var channel = GrpcTransport.CreateChannel(pool.GetStatistics().Workers[0].Endpoint, MaxMessage);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            using var intruder = new Worker.WorkerClient(channel).Attach();
            var refused = await Assert.ThrowsAsync<RpcException>(() => intruder.ResponseStream.MoveNext().InTime());
            Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
            Assert.Contains("has a host already", refused.Status.Detail, StringComparison.Ordinal);
        }

        gate.Write();
        Assert.Equal("opened", await running.InTime());
        Assert.Equal(1, await pool.ExecuteAsync<int>("value", new { given = 1 }).InTime());
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }

    private sealed record Where(bool Main, string[] Functions);

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Tools_run_on_the_main_thread_inside_the_grpc_handler(WorkerStart start)
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Options with { Workers = 1, WorkerStart = start }).InTime();
        var where = await pool.ExecuteAsync<Where>("thread_and_stack").InTime();
        Assert.True(where.Main, "the tool runs on the main thread, the only one that signals interrupt");
        // The worker package changes how grpcio calls the handler of a connection: on the main thread, and as an ordinary function instead
        // of a generator. The functions run_first_task and _attach are both on the stack of the tool only if both changes work.
        Assert.Contains("run_first_task", where.Functions);
        Assert.Contains("_attach", where.Functions);
    }
}
