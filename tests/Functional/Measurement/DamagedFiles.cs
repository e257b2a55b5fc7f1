using System.Text.Json;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Policies;
using Snakepit.Measurement.Runs;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Tests that files that are missing, truncated or damaged are refused, with a message that names the file.</summary>
public sealed class DamagedFiles : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-files-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("{ \"schema\": 2, \"id\": \"x\"")]
    [InlineData("null")]
    [InlineData("{ \"schema\": 2 }")]
    [InlineData("{ \"schema\": 1 }")]
    [InlineData("{ \"schema\": 99 }")]
    [InlineData("{ \"schema\": null }")]
    [InlineData("{ }")]
    [InlineData("[]")]
    [InlineData("\0\0\0\0")]
    public void A_damaged_file_is_refused_with_its_path(string content)
    {
        var path = Path.Combine(_directory, "result.json");
        File.WriteAllText(path, content);
        foreach (var load in Loads(path))
        {
            var exception = Assert.Throws<UnreadableFileException>(load);
            Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
            Assert.Equal(path, exception.Path);
        }
    }

    [Fact]
    public void A_missing_file_is_refused_with_its_path()
    {
        var path = Path.Combine(_directory, "nowhere", "none.json");
        foreach (var load in Loads(path))
        {
            Assert.Equal($"{path}: it does not exist.", Assert.Throws<UnreadableFileException>(load).Message);
        }
    }

    [Fact]
    public void A_file_that_was_truncated_anywhere_is_refused()
    {
        var session = Synthetic.Session(Synthetic.Metric("time", 0), Synthetic.Count("count", 17));
        var run = Synthetic.Run("x", session);
        var baseline = Synthetic.Accepting(session).With(session, Synthetic.Machine).ToText().TrimEnd();
        var policy = Synthetic.PolicyText.TrimEnd();
        var text = JsonSerializer.Serialize(run, JsonFile.Format);
        for (var share = 0; share < 100; share++)
        {
            Assert.Throws<UnreadableFileException>(() => Baseline.Parse(baseline[..(baseline.Length * share / 100)], "b", "Startup"));
            Assert.Throws<UnreadableFileException>(() => Policy.Parse(policy[..(policy.Length * share / 100)], "p"));
            Assert.Throws<UnreadableFileException>(() => RunStore.Parse(text[..(text.Length * share / 100)], "r"));
        }

        Assert.Throws<UnreadableFileException>(() => Baseline.Parse(baseline[..^1], "b", "Startup"));
    }

    private static Action[] Loads(string path) =>
    [
        () => RunStore.Load(path), () => Baseline.Load(path, "Startup"), () => Policy.Load(path), () => History.Load(path),
    ];
}
