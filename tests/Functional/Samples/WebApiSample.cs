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

        using var missing = await client.GetAsync("primes").InTime();
        Assert.Equal(HttpStatusCode.BadRequest, missing.StatusCode);
        Assert.Equal("application/problem+json", missing.Content.Headers.ContentType?.MediaType);

        using var stream = await client.GetAsync("primes?below=1000").InTime();
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.MediaType);
        var events = (await stream.Content.ReadAsStringAsync().InTime()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(20, events.Length);
        Assert.Equal("event: progress\ndata: {\"percent\":5,\"found\":15}", events[0]);
        Assert.Equal("event: progress\ndata: {\"percent\":100,\"found\":168}", events[^1]);

        Assert.Equal(0, await sample.StopAsync());
    }

    [PythonTheory]
    [InlineData("fail", HttpStatusCode.InternalServerError, "Python has failed", "/etc/secret")]
    [InlineData("wait", HttpStatusCode.GatewayTimeout, "Python takes too long", "CallTimeoutException")]
    [InlineData("die", HttpStatusCode.ServiceUnavailable, "Try again later", "WorkerLostException")]
    public async Task What_went_wrong_in_python_is_logged_and_the_client_sees_only_the_kind(
        string text, HttpStatusCode status, string title, string logged)
    {
        using var sample = await SampleProcess.StartAsync(
            "WebApi",
            Path.Combine(Repository.Root, "samples", "WebApi"),
            new Dictionary<string, string>
            {
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["Snakepit__text__ModulePaths__0"] = Path.Combine(AppContext.BaseDirectory, "probes"),
                ["Snakepit__text__Adapter"] = "fails_for_words",
                ["Snakepit__text__CallTimeout"] = "00:00:01",
            });
        await sample.PrintsAsync("Application started");
        using var client = new HttpClient { BaseAddress = sample.Address };

        using var answer = await client.GetAsync($"words?text={text}").InTime();
        Assert.Equal(status, answer.StatusCode);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync().InTime()).RootElement;
        Assert.Equal(["type", "title", "status", "traceId"], problem.EnumerateObject().Select(member => member.Name));
        Assert.Equal(title, problem.GetProperty("title").GetString());
        await sample.PrintsAsync("The call for /words has failed");
        await sample.PrintsAsync(logged);
        Assert.Equal(0, await sample.StopAsync());
    }

    [PythonFact]
    public async Task In_development_its_two_pools_have_different_environments_one_of_which_it_makes_at_the_first_start()
    {
        var cache = Directory.CreateTempSubdirectory("snakepit-sample-").FullName;
        try
        {
            foreach (var isFirst in (bool[])[true, false])
            {
                using var sample = await SampleProcess.StartAsync(
                    "WebApi",
                    Path.Combine(Repository.Root, "samples", "WebApi"),
                    new Dictionary<string, string>
                    {
                        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                        ["ASPNETCORE_ENVIRONMENT"] = "Development",
                        ["XDG_CACHE_HOME"] = cache,
                    });
                await sample.PrintsAsync("Application started");
                using var client = new HttpClient { BaseAddress = sample.Address };
                Assert.Equal("""{"be":2,"to":1}""", await client.GetStringAsync("words?text=be+to+be").InTime());
                Assert.Contains("\"found\":168", await client.GetStringAsync("primes?below=1000").InTime(), StringComparison.Ordinal);
                Assert.Equal("Healthy", await client.GetStringAsync("health/ready").InTime());

                var made = Path.Combine(cache, "snakepit", "environments");
                Assert.StartsWith(made, Assert.Single(sample.Interpreters("number_tools")), StringComparison.Ordinal);
                Assert.DoesNotContain(made, Assert.Single(sample.Interpreters("text_tools")), StringComparison.Ordinal);
                Assert.Equal(isFirst, sample.Output.Contains("numbers.txt", StringComparison.Ordinal));
                Assert.Equal(0, await sample.StopAsync());
            }
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
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
