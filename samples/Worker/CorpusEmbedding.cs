using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Snakepit;
using Snakepit.Hosting;

namespace Worker;

/// <summary>
/// Makes vectors of the texts in a folder, and of those that are added or changed later, until the application stops. Each file of texts
/// gets a file with one JSON object a line: the text and its vector.
/// </summary>
internal sealed partial class CorpusEmbedding(HostedPool hosted, IOptions<CorpusOptions> options, ILogger<CorpusEmbedding> logger)
    : BackgroundService
{
    private const int Dimensions = 64;
    private const int CallsAtOnce = 8; // enough to keep the workers busy; more would only wait in the pool's queue

    private static readonly CallOptions Retried = new() { Idempotent = true };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pool = await hosted.WaitAsync(stoppingToken);
        Directory.CreateDirectory(options.Value.Output);
        using var timer = new PeriodicTimer(options.Value.Interval);
        do
        {
            foreach (var input in Directory.EnumerateFiles(options.Value.Input, "*.txt"))
            {
                var output = Path.Combine(options.Value.Output, Path.GetFileNameWithoutExtension(input) + ".jsonl");
                if (File.GetLastWriteTimeUtc(output) < File.GetLastWriteTimeUtc(input)) // a missing file is as old as 1601
                {
                    await TryAsync(pool, input, output, stoppingToken);
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryAsync(SnakepitPool pool, string input, string output, CancellationToken cancellationToken)
    {
        try
        {
            await EmbedAsync(pool, input, output, cancellationToken);
        }
        catch (SnakepitException exception) when (exception.IsTransient)
        {
            LogPostponed(input, exception); // the file is still without vectors at the next look
        }
    }

    private async Task EmbedAsync(SnakepitPool pool, string input, string output, CancellationToken cancellationToken)
    {
        var lines = await File.ReadAllLinesAsync(input, cancellationToken);
        var texts = lines.Where(line => line.Length > 0).ToArray();
        var vectors = new float[texts.Length][];
        var few = new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, texts.Length, few, async (index, cancelled) => vectors[index] = await pool.ExecuteAsync<float[]>(
            "create_embedding", new { text = texts[index], dimensions = Dimensions }, Retried, cancelled));

        var unfinished = output + ".part";
        await File.WriteAllLinesAsync(
            unfinished, texts.Zip(vectors, (text, vector) => JsonSerializer.Serialize(new { text, vector })), cancellationToken);
        File.Move(unfinished, output, overwrite: true); // so that nobody reads half a file
        LogEmbedded(texts.Length, input, output);
    }

    [LoggerMessage(2, LogLevel.Warning, "The vectors of {Input} must wait")]
    private partial void LogPostponed(string input, Exception exception);

    [LoggerMessage(1, LogLevel.Information, "Wrote the vectors of {Texts} texts of {Input} to {Output}")]
    private partial void LogEmbedded(int texts, string input, string output);
}
