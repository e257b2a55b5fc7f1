using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;
using Snakepit;
using WebApi;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddKeyedSnakepit("text").AddKeyedSnakepit("numbers");
builder.Services.AddHealthChecks().AddSnakepit("text").AddSnakepit("numbers");
builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddSnakepitInstrumentation().AddPrometheusExporter());
builder.Services.AddScoped<ITexts, PythonTexts>();
builder.Services.AddProblemDetails().AddExceptionHandler<PythonProblems>();

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages(); // problem details also for requests that call nothing, such as those for a path that is missing
app.UseDefaultFiles().UseStaticFiles();
app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = check => check.Tags.Contains("live") });
app.MapPrometheusScrapingEndpoint("/metrics");

app.MapGet("/words", (string text, ITexts texts, CancellationToken aborted) => texts.CountWordsAsync(text, aborted));

// A stream of server-sent events, one for each chunk that Python yields. When the client goes, the generator is closed.
app.MapGet("/primes", (int below, [FromKeyedServices("numbers")] SnakepitPool numbers, CancellationToken aborted) =>
    TypedResults.ServerSentEvents(numbers.StreamAsync<Progress>("count_primes", new { below }, cancellationToken: aborted), "progress"));

await app.RunAsync();

/// <summary>How far Python has come, and how many primes it has found so far.</summary>
internal sealed record Progress(int Percent, int Found);
