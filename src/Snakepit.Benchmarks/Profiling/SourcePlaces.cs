using System.Collections.Immutable;
using System.Globalization;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Snakepit.Benchmarks.Profiling.Tracing;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Benchmarks.Profiling;

/// <summary>Finds where functions are in the sources, and what has changed them.</summary>
/// <param name="root">The root of the repository.</param>
/// <param name="git">Runs git in the repository.</param>
internal sealed class SourcePlaces(string root, Git git)
{
    private static readonly string[] PythonFolders = ["priv/python", "src/Snakepit.Benchmarks/Host"];

    /// <summary>Returns the places of functions. Functions that are not found are left out.</summary>
    /// <param name="functions">The functions.</param>
    /// <param name="build">The folder with the program that was built from the sources.</param>
    /// <param name="pin">The commit that is compared with.</param>
    /// <param name="python">An interpreter, which reads Python's sources.</param>
    public async Task<ImmutableDictionary<Frame, SourcePlace>> FindAsync(
        IEnumerable<Frame> functions, string build, string pin, string python)
    {
        var places = ImmutableDictionary.CreateBuilder<Frame, SourcePlace>();
        var compiled = new Lazy<Dictionary<Frame, SourcePlace>>(() => Compiled(build));
        foreach (var function in functions)
        {
            var place = function.Module.EndsWith(".py", StringComparison.Ordinal) ? await InPythonAsync(function, python)
                : compiled.Value.GetValueOrDefault(function);
            if (place is not null)
            {
                places[function] = place with { ChangedBy = await ChangesAsync(place, pin) };
            }
        }

        return places.ToImmutable();
    }

    private async Task<ImmutableArray<string>> ChangesAsync(SourcePlace place, string pin)
    {
        try
        {
            return [.. await git.ChangesAfterAsync(pin, place.File, place.FirstLine, place.LastLine)];
        }
        catch (GitException)
        {
            return []; // the file is not committed, or is shorter now than when it was built
        }
    }

    private async Task<SourcePlace?> InPythonAsync(Frame function, string python)
    {
        var file = PythonFolders.Select(folder => $"{folder}/{function.Module}")
            .FirstOrDefault(path => File.Exists(Path.Combine(root, path)));
        if (file is null)
        {
            return null;
        }

        var script = Path.Combine(AppContext.BaseDirectory, "profiling", "function_lines.py");
        var result = await Subprocess.RunAsync(
            python, ["-I", script, Path.Combine(root, file), function.Function], CancellationToken.None);
        return result.ExitCode == 0 && result.Output.Split(' ') is [var first, var last]
            ? new SourcePlace(file, Number(first), Number(last))
            : null;
    }

    /// <summary>Reads the places of all methods of this repository from debug symbols.</summary>
    private Dictionary<Frame, SourcePlace> Compiled(string build)
    {
        var (places, paths) = (new Dictionary<Frame, SourcePlace>(), new DocumentPaths(root));
        foreach (var symbols in Directory.EnumerateFiles(build, "Snakepit*.pdb"))
        {
            using var assembly = new PEReader(File.OpenRead(Path.ChangeExtension(symbols, ".dll")));
            using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(symbols));
            var (types, lines) = (assembly.GetMetadataReader(), provider.GetMetadataReader());
            foreach (var handle in types.MethodDefinitions)
            {
                if (PlaceOf(lines, lines.GetMethodDebugInformation(handle.ToDebugInformationHandle()), paths) is { } place)
                {
                    var function = ManagedName.Parse(NameOf(types, types.GetMethodDefinition(handle)));
                    places[function] = places.TryGetValue(function, out var other) ? Union(other, place) : place;
                }
            }
        }

        return places;
    }

    /// <summary>The lambdas, local functions and overloads of a method are one function, if they are in one file.</summary>
    private static SourcePlace Union(SourcePlace one, SourcePlace other) => one.File != other.File ? one
        : one with { FirstLine = Math.Min(one.FirstLine, other.FirstLine), LastLine = Math.Max(one.LastLine, other.LastLine) };

    private static SourcePlace? PlaceOf(MetadataReader symbols, MethodDebugInformation method, DocumentPaths paths)
    {
        var points = method.GetSequencePoints().Where(point => !point.IsHidden).ToList();
        return points.Count > 0 && paths.RelativeOf(symbols.GetString(symbols.GetDocument(points[0].Document).Name)) is { } file
            ? new SourcePlace(file, points.Min(point => point.StartLine), points.Max(point => point.EndLine))
            : null;
    }

    /// <summary>Returns the name of a method as the runtime writes it for the program perf.</summary>
    private static string NameOf(MetadataReader types, MethodDefinition method)
    {
        var name = "";
        var handle = method.GetDeclaringType();
        while (!handle.IsNil)
        {
            var type = types.GetTypeDefinition(handle);
            var own = type.Namespace.IsNil ? types.GetString(type.Name) : $"{types.GetString(type.Namespace)}.{types.GetString(type.Name)}";
            name = name.Length == 0 ? own : $"{own}+{name}";
            handle = type.GetDeclaringType();
        }

        return $"[{types.GetString(types.GetAssemblyDefinition().Name)}] {name}::{types.GetString(method.Name)}()";
    }

    private static int Number(string text) => int.Parse(text.Trim(), CultureInfo.InvariantCulture);
}
