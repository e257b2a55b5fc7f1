using System.Collections.Immutable;
using System.IO.Compression;
using Snakepit.Measurement.Runs;
using Snakepit.Tests.Functional.Conventions;

namespace Snakepit.Tests.Functional.Measurement.Proof;

/// <summary>
/// A corpus of recorded runs in which both sides, candidate and pin, were the same code. They show what the gate measures when nothing has
/// changed.
/// </summary>
/// <param name="Jobs">The recorded runs.</param>
internal sealed record Corpus(ImmutableArray<Corpus.Job> Jobs)
{
    private const string Extension = ".json.gz";

    /// <summary>The folder under version control that holds the recorded runs.</summary>
    public static string RecordedDirectory { get; } = Path.Combine(Repository.Root, "tests", "Functional", "Measurement", "corpus");

    /// <summary>
    /// Reads all <c>*.json.gz</c> files of a folder. A job is one run of the suite. It is stored as one file with all scenarios, such as
    /// <c>01-quiet.json.gz</c>, or as one file for each scenario, such as <c>01-quiet.Startup.json.gz</c>.
    /// </summary>
    public static Corpus Load(string directory)
    {
        string[] files = Directory.Exists(directory) ? Directory.GetFiles(directory, $"*{Extension}") : [];
        var corpus = new Corpus([.. files.Order(StringComparer.Ordinal).GroupBy(file => Path.GetFileName(file).Split('.')[0], ReadJob)]);
        return corpus.Jobs.Length >= 2
            ? corpus
            : throw new InvalidOperationException(
                $"{directory} holds {corpus.Jobs.Length} recorded runs of the same code on both sides. "
                + "The proof of the gate needs at least 2: record them, or restore them from version control.");
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

    private static Job ReadJob(string name, IEnumerable<string> paths)
    {
        List<RunResult> runs = [.. paths.Select(Read)];
        return new Job(name, runs[0] with { Scenarios = [.. runs.SelectMany(run => run.Scenarios)] });
    }

    private static RunResult Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return RunStore.Parse(reader.ReadToEnd(), path);
    }

    /// <summary>One recorded run, also called a job.</summary>
    /// <param name="Name">
    /// The name of the run's files up to the first dot. It says whether the machine was quiet or loaded with other work.
    /// </param>
    /// <param name="Run">The measured values.</param>
    internal sealed record Job(string Name, RunResult Run)
    {
        public bool IsLoaded => Name.Contains("loaded", StringComparison.OrdinalIgnoreCase);

        /// <summary>
        /// Returns the logarithms of the ratio of candidate to pin, one per round, with the sign chosen so that larger is worse.
        /// </summary>
        /// <exception cref="InvalidOperationException">The metric was not measured on both sides, or in too few rounds.</exception>
        public double[] LogRatios(string scenario, string metric, int fewestRounds)
        {
            var found = Run.Scenarios.FirstOrDefault(session => session.Scenario == scenario)?.Find(metric);
            return found is { IsPaired: true } && found.Candidate.Length >= fewestRounds
                ? found.LogRatios(accepted: 1)
                : throw new InvalidOperationException(
                    $"{Name} has no {fewestRounds} rounds of {metric} on both sides: record it anew, or remove it from the corpus.");
        }
    }
}
