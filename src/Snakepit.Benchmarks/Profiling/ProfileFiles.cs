using System.Text;
using Snakepit.Benchmarks.Arms;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Benchmarks.Profiling;

/// <summary>Writes the profiles of both sides for other programs: as collapsed stacks, for flame graphs, and for speedscope.</summary>
internal static class ProfileFiles
{
    /// <summary>The folder, in the folder of a run, with the profiles.</summary>
    public const string Folder = "profiles";

    /// <summary>Returns the files of an explanation with what writes each. There are none if nothing was profiled.</summary>
    /// <param name="explanation">The explanation.</param>
    /// <param name="directory">The folder for the files.</param>
    public static IEnumerable<(string Path, Action<string> Write)> Of(Explanation explanation, string directory)
    {
        if (explanation.Rounds.IsEmpty)
        {
            yield break;
        }

        (Side Side, IEnumerable<Profile> Rounds)[] sides =
        [
            (Side.Candidate, explanation.Rounds.Select(round => round.Candidate)),
            (Side.Pin, explanation.Rounds.Select(round => round.Pin)),
        ];
        foreach (var (side, rounds) in sides)
        {
            var name = Path.Combine(directory, $"{explanation.Scenario}.{side.ToWord()}.collapsed.txt");
            yield return (name, path => AtomicFile.Write(path, Collapsed(rounds)));
        }

        var speedscope = Path.Combine(directory, $"{explanation.Scenario}.speedscope.json");
        yield return (speedscope, path => AtomicFile.Write(path, Speedscope(explanation.Scenario, sides)));
    }

    private static string Speedscope(string scenario, (Side Side, IEnumerable<Profile> Rounds)[] sides)
    {
        using var stream = new MemoryStream();
        SpeedscopeFile.Write(scenario, [.. sides.Select(side => (side.Side.ToWord(), side.Rounds))], stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Collapsed(IEnumerable<Profile> rounds)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        CollapsedStacks.Write(rounds, scale: 1, writer);
        return writer.ToString();
    }
}
