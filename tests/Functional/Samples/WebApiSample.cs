using System.Net;
using System.Text.Json;
using Snakepit.Tests.Functional.Conventions;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Samples;

/// <summary>Tests the sample of a web API as its clients see it.</summary>
public sealed class WebApiSample
{
    [PythonFact]
    public async Task It_answers_streams_reports_problems_and_health_serves_its_page_and_stops()
    {
        using var sample = await SampleProcess.StartAsync(
            "WebApi",
            Path.Combine(Repository.Root, "samples", "WebApi"),
            new Dictionary<string, string> { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" });
        await sample.PrintsAsync("Application started");
        using var client = new HttpClient { BaseAddress = sample.Address };

        Assert.Equal("""{"be":2,"to":1}""", await client.GetStringAsync("words?text=be+to+be").InTime());
        Assert.Equal("Healthy", await client.GetStringAsync("health/ready").InTime());
        Assert.Equal("Healthy", await client.GetStringAsync("health/live").InTime());
        var metrics = await client.GetStringAsync("metrics").InTime();
        Assert.Matches("""(?m)^snakepit_worker_limit\{.*snakepit_pool_name="text".*\} 2( |$)""", metrics);
        Assert.Matches("""(?m)^snakepit_call_duration_seconds_count\{.*rpc_method="count_words".*\} 1( |$)""", metrics);
        Assert.Contains("<title>Snakepit", await client.GetStringAsync("").InTime(), StringComparison.Ordinal);

        using var refused = await client.GetAsync("words?text=").InTime();
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync().InTime()).RootElement;
        Assert.Equal("the text has no words", problem.GetProperty("detail").GetString());

        using var stream = await client.GetAsync("primes?below=1000").InTime();
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.MediaType);
        var events = (await stream.Content.ReadAsStringAsync().InTime()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(20, events.Length);
        Assert.Equal("event: progress\ndata: {\"percent\":5,\"found\":15}", events[0]);
        Assert.Equal("event: progress\ndata: {\"percent\":100,\"found\":168}", events[^1]);

        Assert.Equal(0, await sample.StopAsync());
    }

    [PythonFact]
    public async Task It_does_not_start_with_settings_that_are_wrong()
    {
        using var sample = await SampleProcess.StartAsync(
            "WebApi",
            Path.Combine(Repository.Root, "samples", "WebApi"),
            new Dictionary<string, string> { ["Snakepit__text__Workers"] = "0" });
        await sample.PrintsAsync("Snakepit:text:Workers must be from 1 to 1,024, was 0.");
    }
}
