using System.Text.Json;
using System.Text.Json.Serialization;

namespace Snakepit.Measurement.Profiles;

/// <summary>Writes profiles as a file for speedscope (https://www.speedscope.app), each as a profile of its own.</summary>
public static class SpeedscopeFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Writes profiles to a stream as JSON.</summary>
    /// <param name="name">The name of the file in speedscope.</param>
    /// <param name="profiles">The profiles with their names. Their costs must be microseconds.</param>
    /// <param name="stream">Receives the file.</param>
    public static void Write(string name, IReadOnlyCollection<(string Name, IEnumerable<Profile> Rounds)> profiles, Stream stream)
    {
        var numbers = new Dictionary<Frame, int>();
        var written = profiles.Select(profile =>
        {
            var samples = profile.Rounds.SelectMany(round => round.Samples).ToList();
            return new
            {
                type = "sampled",
                name = profile.Name,
                unit = "microseconds",
                startValue = 0,
                endValue = samples.Sum(sample => sample.Cost),
                samples = samples.ConvertAll(sample => sample.Frames.Select(Number).ToArray()),
                weights = samples.ConvertAll(sample => sample.Cost),
            };
        }).ToList();
        var file = new Dictionary<string, object>
        {
            ["$schema"] = "https://www.speedscope.app/file-format-schema.json",
            ["name"] = name,
            ["exporter"] = "snakepit bench",
            ["profiles"] = written,
            ["shared"] = new
            {
                frames = numbers.OrderBy(frame => frame.Value)
                    .Select(frame => new { name = frame.Key.Function, file = frame.Key.Module is { Length: > 0 } module ? module : null }),
            },
        };
        JsonSerializer.Serialize(stream, file, Format);

        int Number(Frame frame) => numbers.TryGetValue(frame, out var number) ? number : numbers[frame] = numbers.Count;
    }
}
