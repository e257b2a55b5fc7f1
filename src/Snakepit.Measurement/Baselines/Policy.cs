using System.Collections.Immutable;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Snapshots;

namespace Snakepit.Measurement.Baselines;

/// <summary>What measurements are judged by: <c>baselines/policy.json</c>.</summary>
/// <param name="Schema">The version of the format.</param>
/// <param name="Tolerance">A worsening against the stored numbers that is reported, as a share.</param>
/// <param name="Stop">A worsening that calls for a stop, as a share.</param>
/// <param name="Targets">Absolute limits by metric.</param>
public sealed record Policy(int Schema, double Tolerance, double Stop, ImmutableSortedDictionary<string, Target> Targets)
{
    /// <summary>The format that this version reads.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Reads the policy.</summary>
    /// <exception cref="UnreadableFileException">The file is missing, damaged or of another schema.</exception>
    public static Policy Load(string path)
    {
        var policy = JsonFile.Read<Policy>(path, RunStore.Format);
        return policy.Schema == CurrentSchema
            ? policy
            : throw new UnreadableFileException(path, $"it has schema {policy.Schema}, and this version reads {CurrentSchema}.");
    }
}

/// <summary>The absolute limits of one metric, in its unit; beyond or on them is a miss.</summary>
/// <param name="Must">Must not be missed.</param>
/// <param name="Nice">Nice to have.</param>
/// <param name="Fitness">
/// References measured in the same rounds without the code under test, and their own limits: a round in which one of them is beyond its limit
/// was not fit to judge <paramref name="Must"/>.
/// </param>
public sealed record Target(double? Must = null, double? Nice = null, ImmutableSortedDictionary<string, double>? Fitness = null);
