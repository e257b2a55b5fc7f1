using System.Collections.Immutable;
using Snakepit.Measurement.Files;

namespace Snakepit.Measurement.Baselines;

/// <summary>Figures from the past that reports show beside ours: <c>baselines/history.json</c>. Nothing is judged by them.</summary>
/// <param name="Schema">The version of the format.</param>
/// <param name="Entries">The figures, oldest first.</param>
public sealed record History(int Schema, ImmutableArray<HistoryEntry> Entries)
{
    /// <summary>The format that this version reads.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Reads the history.</summary>
    /// <exception cref="UnreadableFileException">The file is missing, damaged or of another schema.</exception>
    public static History Load(string path)
    {
        var text = JsonFile.Text(path);
        JsonFile.RequireSchema(text, path, CurrentSchema);
        return JsonFile.Parse<History>(text, path);
    }

    /// <summary>What each entry says of a metric.</summary>
    public IEnumerable<(string Name, double Value)> Of(string metric) =>
        Entries.Where(entry => entry.Values.ContainsKey(metric)).Select(entry => (entry.Name, entry.Values[metric]));
}

/// <summary>Figures of one origin.</summary>
/// <param name="Name">A short name, such as a version.</param>
/// <param name="Source">Where the figures come from.</param>
/// <param name="Values">By metric, in the metric's unit.</param>
public sealed record HistoryEntry(string Name, string Source, ImmutableSortedDictionary<string, double> Values);
