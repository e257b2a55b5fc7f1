using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Snakepit.Measurement.Runs;

/// <summary>
/// The description of a machine, and of the versions of the software that the measured code runs on. Values with a unit, such as
/// milliseconds, are comparable only between equal profiles.
/// </summary>
/// <param name="Cpu">The model of the processor.</param>
/// <param name="Cores">The number of processors that this process may use.</param>
/// <param name="Dotnet">The major and minor version of the .NET runtime.</param>
/// <param name="Components">The versions of other software that the measured code runs on, by the name of the software.</param>
public sealed record MachineProfile(string Cpu, int Cores, string Dotnet, ImmutableSortedDictionary<string, string> Components)
{
    /// <summary>The profile as one word of lower-case letters, digits, dots and hyphens: the key of this machine in a baseline.</summary>
    public string Key
    {
        get
        {
            string[] parts =
                [Cpu, $"{Cores}c", $"dotnet{Dotnet}", .. Components.Select(component => component.Key + component.Value)];
            var word = new StringBuilder();
            foreach (var character in string.Join('-', parts).ToLowerInvariant())
            {
                var plain = char.IsAsciiLetterOrDigit(character) || character == '.' ? character : '-';
                if (plain != '-' || (word.Length > 0 && word[^1] != '-'))
                {
                    word.Append(plain);
                }
            }

            return word.ToString().Trim('-');
        }
    }

    /// <summary>Returns the profile of this machine.</summary>
    /// <param name="components">The versions of other software that the measured code runs on, such as <c>python</c>.</param>
    public static MachineProfile Current(IReadOnlyDictionary<string, string> components) => new(
        CpuModel(),
        Environment.ProcessorCount,
        string.Create(CultureInfo.InvariantCulture, $"{Environment.Version.Major}.{Environment.Version.Minor}"),
        components.ToImmutableSortedDictionary(StringComparer.Ordinal));

    private static string CpuModel()
    {
        const string ModelName = "model name";
        var line = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(ModelName, StringComparison.Ordinal))
            : null;
        var model = line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        return model.Replace("(R)", "", StringComparison.Ordinal).Replace("(TM)", "", StringComparison.Ordinal);
    }
}
