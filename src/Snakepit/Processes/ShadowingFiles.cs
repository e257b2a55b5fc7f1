using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Snakepit.Processes;

/// <summary>
/// Finds files of the user that Python imports instead of a module that Python or Snakepit needs, because they have its name, such as a
/// <c>random.py</c> in one of <see cref="SnakepitOptions.ModulePaths"/>. What then fails is often far from the cause.
/// </summary>
internal static partial class ShadowingFiles
{
    private const int MostGuessed = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Packages that workers need and that are not part of Python.
    private static readonly string[] Needed = ["google", "google.protobuf", "grpc", "snakepit_worker"];

    // A file of each of these packages, by which the package itself is told from a directory of the user's that has its name.
    private static readonly string[] Installed = ["google/protobuf/descriptor.py", "grpc/_server.py"];

    /// <summary>
    /// Returns a sentence, with a space before it, for each shadowing file that a failure mentions; empty if it mentions none. Only for
    /// failures: it may start the interpreter once more, to ask which modules are Python's own.
    /// </summary>
    /// <param name="launch">The settings of the process that has failed.</param>
    /// <param name="failure">The error and the traceback of the process, or its last output.</param>
    public static string Explain(PythonLaunch launch, string failure)
    {
        var mentioned = Names().Matches(failure).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        return string.Concat(Shadowing(launch, directory => mentioned.SelectMany(name => Candidates(directory, name))).Select(Sentence));
    }

    /// <summary>
    /// Like <see cref="Explain"/>, for a process that has reported no reason. It may have died before it could print one, or what it has
    /// printed need not mention the file. Then it <see cref="Guess">guesses</see>.
    /// </summary>
    /// <param name="launch">The settings of the process that has failed.</param>
    /// <param name="printed">The last output of the process.</param>
    public static string ExplainUnreported(PythonLaunch launch, string printed) =>
        Explain(launch, printed) is { Length: > 0 } explained ? explained : Guess(launch);

    /// <summary>Names all shadowing files as what may be the reason, up to a few; empty if there is none.</summary>
    /// <param name="launch">The settings of the process that has failed.</param>
    public static string Guess(PythonLaunch launch)
    {
        var files = Shadowing(launch, All).Take(MostGuessed).ToList();
        return files.Count == 0 ? "" : $" The reason may be a file of yours:{string.Concat(files.Select(Sentence))}";
    }

    private static string Sentence((string Name, string Path) file) =>
        $" '{file.Path}' is imported instead of the module '{file.Name}' that "
        + $"{(Needed.Contains(file.Name) ? "the workers need" : "belongs to Python")}: rename it, or take its directory out of "
        + $"{nameof(SnakepitOptions)}.{nameof(SnakepitOptions.ModulePaths)} and PYTHONPATH.";

    private static List<(string Name, string Path)> Shadowing(
        PythonLaunch launch, Func<string, IEnumerable<(string Name, string Path)>> candidates)
    {
        var files = launch.SearchPath.Where(directory => !IsStandardLibrary(directory)).SelectMany(candidates)
            .Where(file => !IsInstalled(file)).ToList();
        if (files.Count == 0)
        {
            return [];
        }

        var standard = StandardModules(launch.Interpreter);
        return [.. files.Where(file => standard.Contains(file.Name)).DistinctBy(file => file.Name)];
    }

    /// <summary>Tells whether a directory, found by PYTHONPATH, has Python's own modules, so that its files hide nothing.</summary>
    private static bool IsStandardLibrary(string directory) =>
        ((string[])["abc.py", "codecs.py", "os.py", "site.py"]).All(file => File.Exists(Path.Combine(directory, file)));

    /// <summary>Tells whether a file belongs to the real package (protobuf or grpc), found by PYTHONPATH, and so hides nothing.</summary>
    private static bool IsInstalled((string Name, string Path) file)
    {
        var package = file.Name.Split('.')[0];
        var start = file.Path.LastIndexOf($"/{package}/", StringComparison.Ordinal);
        return start >= 0 && Installed.Any(known => known.StartsWith($"{package}/", StringComparison.Ordinal)
            && File.Exists(Path.Combine(file.Path[..start], known)));
    }

    /// <summary>Returns all modules in a directory.</summary>
    private static IEnumerable<(string Name, string Path)> All(string directory)
    {
        var packages = Directories(directory).Select(Path.GetFileName).OfType<string>();
        return ModulesIn(directory).Concat(packages.SelectMany(name => Package(directory, name)));
    }

    private static IEnumerable<(string Name, string Path)> Candidates(string directory, string name) =>
        ModulesIn(directory).Where(file => file.Name == name).Concat(Package(directory, name));

    private static IEnumerable<(string Name, string Path)> Package(string directory, string name) =>
    [
        .. ModulesIn(Path.Combine(directory, name)).Where(file => file.Name == "__init__").Select(file => (name, file.Path)),
        // Without an __init__.py, the directory google/ is one of several of this package, and only what lies in it hides something.
        .. name == "google" ? Candidates(Path.Combine(directory, name), "protobuf").Select(file => ("google.protobuf", file.Path)) : [],
    ];

    /// <summary>Returns the modules that Python would import from files in a directory: source code, compiled Python or C code.</summary>
    private static IEnumerable<(string Name, string Path)> ModulesIn(string directory) => Entries(directory, Directory.GetFiles)
        .Where(file => Path.GetExtension(file) is ".py" or ".pyc" or ".so")
        .Select(file => (Path.GetFileName(file).Split('.')[0], file));

    private static string[] Directories(string directory) => Entries(directory, Directory.GetDirectories);

    private static string[] Entries(string directory, Func<string, string[]> read)
    {
        try
        {
            return read(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return []; // Python finds nothing there either
        }
    }

    /// <summary>Asks an interpreter, which imports nothing of the user's, for the names of its own modules.</summary>
    private static HashSet<string> StandardModules(string interpreter)
    {
        var names = new HashSet<string>(Needed, StringComparer.Ordinal);
        var start = new ProcessStartInfo(interpreter, ["-I", "-S", "-c", "import sys; print(*sys.stdlib_module_names)"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return names; // why it cannot be started is not the question here
        }

        process.StandardInput.Close();
        var printed = process.StandardOutput.ReadToEndAsync();
        if (printed.Wait(Patience))
        {
            names.UnionWith(printed.Result.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        }
        else
        {
            process.Kill(entireProcessTree: true);
        }

        return names;
    }

    [GeneratedRegex(@"\b[A-Za-z_][A-Za-z0-9_]*\b")]
    private static partial Regex Names();
}
