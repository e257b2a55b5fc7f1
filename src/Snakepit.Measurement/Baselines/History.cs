using System.Collections.Immutable;
using Snakepit.Measurement.Files;

namespace Snakepit.Measurement.Baselines;

/// <summary>
/// Figures of earlier versions of Snakepit, from <c>baselines/history.json</c>. Reports show these figures beside the measured values;
/// verdicts do not depend on them.
/// </summary>
/// <param name="Schema">The version of the file format.</param>
/// <param name="Entries">The entries of the file, oldest first.</param>
public sealed record History(int Schema, ImmutableArray<HistoryEntry> Entries)
{
    /// <summary>The version of the format that this program reads.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Reads the history file.</summary>
    /// <exception cref="UnreadableFileException">The file is missing, damaged, or has another version of the format.</exception>
    public static History Load(string path) => JsonFile.Parse<History>(JsonFile.Read(path), path, CurrentSchema);

    /// <summary>Returns the earlier figures of a metric: the name of each entry that has a figure, and the figure.</summary>
    public IEnumerable<(string Name, double Value)> Of(string metric) =>
        Entries.Where(entry => entry.Values.ContainsKey(metric)).Select(entry => (entry.Name, entry.Values[metric]));
}

/// <summary>Figures of an earlier version that come from one source.</summary>
/// <param name="Name">A short name, such as a version.</param>
/// <param name="Source">Where the figures come from.</param>
/// <param name="Values">The values in their units, by the name of the metric.</param>
public sealed record HistoryEntry(string Name, string Source, ImmutableSortedDictionary<string, double> Values);
