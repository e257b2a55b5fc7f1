using System.Text.Json;
using Snakepit.Tests.Functional.Conventions;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Samples;

/// <summary>Tests the sample of a worker service: what it writes, and that it stops.</summary>
public sealed class WorkerSample : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("snakepit-worker-");

    public void Dispose() => _directory.Delete(recursive: true);

    [PythonFact]
    public async Task It_writes_a_vector_of_each_text_also_of_a_file_that_is_added_later_and_stops()
    {
        var corpus = Path.Combine(_directory.FullName, "corpus");
        Directory.CreateDirectory(corpus);
        File.Copy(Path.Combine(Repository.Root, "samples", "Worker", "corpus", "snakes.txt"), Path.Combine(corpus, "snakes.txt"));
        File.Copy(
            Path.Combine(Repository.Root, "samples", "Worker", "appsettings.json"), Path.Combine(_directory.FullName, "appsettings.json"));
        using var sample = await SampleProcess.StartAsync(
            "Worker", _directory.FullName, new Dictionary<string, string> { ["Corpus__Interval"] = "00:00:00.1" });
        await sample.PrintsAsync("Wrote the vectors of 5 texts");
        await File.WriteAllLinesAsync(Path.Combine(corpus, "added.txt"), ["A python has no venom.", "", "A python squeezes its prey."]);
        await sample.PrintsAsync("Wrote the vectors of 2 texts");
        Assert.Equal(0, await sample.StopAsync());

        var snakes = Vectors("snakes");
        Assert.Equal(await File.ReadAllLinesAsync(Path.Combine(corpus, "snakes.txt")), snakes.Select(one => one.Text));
        Assert.All(snakes, one => Assert.Equal(1, Dot(one.Vector, one.Vector), 1e-5));
        var python = Vectors("added")[0];
        Assert.Equal(snakes[0].Text, snakes.MaxBy(one => Dot(one.Vector, python.Vector)).Text); // the text about the python is nearest
    }

    private List<(string Text, float[] Vector)> Vectors(string name) =>
        [.. File.ReadLines(Path.Combine(_directory.FullName, "vectors", $"{name}.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Select(line => (line.GetProperty("text").GetString()!, line.GetProperty("vector").Deserialize<float[]>()!))];

    private static float Dot(float[] one, float[] other) => one.Zip(other, (left, right) => left * right).Sum();
}
