using System.Collections.Immutable;
using System.IO.Compression;
using Snakepit.Measurement.Runs;
using Snakepit.Tests.Functional.Conventions;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Recorded runs with the same code on both sides: what the gate sees when nothing has changed.</summary>
/// <param name="Jobs">The runs.</param>
internal sealed record Corpus(ImmutableArray<Corpus.Job> Jobs)
{
    private const string Extension = ".json.gz";

    /// <summary>The runs that are checked in.</summary>
    public static string RecordedDirectory { get; } = Path.Combine(Repository.Root, "tests", "Functional", "Measurement", "corpus");

    /// <summary>Reads every <c>*.json.gz</c> of a folder: each a run, and so a job of its own.</summary>
    public static Corpus Load(string directory)
    {
        var files = Directory.Exists(directory) ? Directory.GetFiles(directory, $"*{Extension}").Order(StringComparer.Ordinal) : Enumerable.Empty<string>();
        var corpus = new Corpus([.. files.Select(Read)]);
        return corpus.Jobs.Length >= 2
            ? corpus
            : throw new InvalidOperationException(
                $"{directory} holds {corpus.Jobs.Length} recorded runs of the same code on both sides. The gate cannot prove itself with fewer than 2: record them, or restore them from version control.");
    }

    /// <summary>Writes a run as a file of a corpus.</summary>
    public static void Save(RunResult run, string directory, string name)
    {
        var plain = Path.Combine(directory, $"{name}.json");
        RunStore.SaveAs(run, plain);
        using (var source = File.OpenRead(plain))
        using (var target = new GZipStream(File.Create(Path.Combine(directory, name + Extension)), CompressionLevel.SmallestSize))
        {
            source.CopyTo(target);
        }

        File.Delete(plain);
    }

    private static Job Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return new Job(Path.GetFileName(path)[..^Extension.Length], RunStore.Parse(reader.ReadToEnd(), path));
    }

    /// <summary>One run.</summary>
    /// <param name="Name">Its file's name, which says whether the machine was quiet or loaded.</param>
    /// <param name="Run">What was measured.</param>
    internal sealed record Job(string Name, RunResult Run)
    {
        public bool IsLoaded => Name.Contains("loaded", StringComparison.OrdinalIgnoreCase);

        /// <summary>A metric's logarithms of candidate to pin, signed so that more is worse.</summary>
        /// <exception cref="InvalidOperationException">It was not measured on both sides, or not often enough.</exception>
        public double[] LogRatios(string scenario, string metric, int least)
        {
            var found = Run.Scenarios.FirstOrDefault(session => session.Scenario == scenario)?.Find(metric);
            return found is { IsPaired: true } && found.Candidate.Length >= least
                ? found.LogRatios(1)
                : throw new InvalidOperationException($"{Name} has no {least} rounds of {metric} on both sides: record it anew, or remove it from the corpus.");
        }
    }
}
