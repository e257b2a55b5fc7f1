using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Text;
using System.Text.Json;
using Snakepit.Benchmarks.Repository;

namespace Snakepit.Benchmarks.Arms;

/// <summary>
/// The settings with which the programs in a folder were built, read from what the build has written. The name of a configuration says
/// little: settings also come from environment variables and from files that git ignores or that lie above the clone.
/// </summary>
/// <param name="Values">
/// The settings by name: the options that the compiler records in the debug symbols of each assembly, the options of the runtime, and the
/// versions of packages.
/// </param>
internal sealed record BuildSettings(ImmutableSortedDictionary<string, string> Values)
{
    private const string Optimization = "optimization";
    private const string Optimised = "release";
    private const string Unset = "not set";
    private const string PackagePrefix = "package ";

    // The assemblies that run while something is measured.
    private static readonly string[] Assemblies = ["Snakepit", "Snakepit.Measurement", "Snakepit.Benchmarks"];

    // What the compiler records about itself, the number of files, and whether pointers are allowed. It differs between commits without any
    // change of a setting that could make code faster or slower.
    private static readonly string[] NoSettings = ["version", "compiler-version", "runtime-version", "source-file-count", "unsafe"];

    // Identifies the record of the compiler's options in debug symbols (the specification of Portable PDB, "Compilation Options").
    private static readonly Guid CompilerOptions = new("B5FEEC05-8CD0-4A83-96DA-466284BB4BD8");

    /// <summary>The assemblies that were compiled without optimisation.</summary>
    public IEnumerable<string> Unoptimised => Assemblies.Where(
        name => !Values.GetValueOrDefault($"{Optimization} of {name}", "").StartsWith(Optimised, StringComparison.Ordinal));

    /// <summary>Reads the settings of the build in <paramref name="directory"/>.</summary>
    /// <exception cref="NotComparableException">The build has no debug symbols.</exception>
    public static BuildSettings Read(string directory)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var name in Assemblies)
        {
            foreach (var (option, value) in OptionsOf(Path.Combine(directory, $"{name}.pdb")))
            {
                values[$"{option} of {name}"] = value;
            }
        }

        foreach (var (option, value) in RuntimeOptions(Path.Combine(directory, "Snakepit.Benchmarks.runtimeconfig.json")))
        {
            values[option] = value;
        }

        foreach (var (package, version) in Packages(Path.Combine(directory, "Snakepit.Benchmarks.deps.json")))
        {
            values[PackagePrefix + package] = version;
        }

        return new BuildSettings(values.ToImmutable());
    }

    /// <summary>
    /// Returns a description of each setting in which this build differs from another one. A package that only one of them has is a
    /// difference of their code.
    /// </summary>
    public IEnumerable<string> DifferencesFrom(BuildSettings other) => Values.Keys.Union(other.Values.Keys)
        .Order(StringComparer.Ordinal)
        .Select(name => (Name: name, Own: Values.GetValueOrDefault(name, Unset), Other: other.Values.GetValueOrDefault(name, Unset)))
        .Where(setting => setting.Own != setting.Other)
        .Where(setting => setting is not ({ Own: Unset } or { Other: Unset })
            || !setting.Name.StartsWith(PackagePrefix, StringComparison.Ordinal))
        .Select(setting => $"{setting.Name} is '{setting.Own}' and not '{setting.Other}'");

    private static IEnumerable<(string Option, string Value)> OptionsOf(string symbols)
    {
        if (!File.Exists(symbols))
        {
            throw new NotComparableException(
                $"{symbols} does not exist, so nothing tells how the program was built", "build it without changing DebugType");
        }

        using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(symbols));
        var reader = provider.GetMetadataReader();
        foreach (var information in reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation))
        {
            if (reader.GetGuid(information.Kind) == CompilerOptions)
            {
                // The record is a sequence of names and values, each of which ends with a zero byte.
                var parts = Encoding.UTF8.GetString(reader.GetBlobBytes(information.Value)).Split('\0');
                var options = parts.Chunk(2).Where(pair => pair.Length == 2 && !NoSettings.Contains(pair[0]));
                return [.. options.Select(pair => (pair[0], pair[1]))];
            }
        }

        return [];
    }

    private static IEnumerable<(string Option, string Value)> RuntimeOptions(string path)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(path));
        return
        [
            .. file.RootElement.GetProperty("runtimeOptions").EnumerateObject().SelectMany(option => option.Name == "configProperties"
                ? option.Value.EnumerateObject().Select(property => (property.Name, property.Value.ToString()))
                : [(option.Name, option.Value.ToString())]),
        ];
    }

    private static IEnumerable<(string Package, string Version)> Packages(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = JsonDocument.Parse(File.ReadAllText(path));
        return
        [
            .. file.RootElement.GetProperty("libraries").EnumerateObject()
                .Where(library => library.Value.GetProperty("type").GetString() == "package")
                .Select(library => library.Name.Split('/', 2))
                .Select(name => (name[0], name[1])),
        ];
    }
}
