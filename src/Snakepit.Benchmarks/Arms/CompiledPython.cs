using System.Text;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;

namespace Snakepit.Benchmarks.Arms;

/// <summary>
/// The compiled form of the Python package in a build. The build makes it for one version of Python. Workers of another version, or of a
/// build without it, start more slowly, so that both sides must have it for the interpreter of the run.
/// </summary>
internal static class CompiledPython
{
    private const string Folder = "python/snakepit_worker/__pycache__";

    // The file begins with the version of the interpreter that has made it.
    private const string Bundles = "all_modules.*.pyc";

    /// <summary>Returns the version of an interpreter in full, which says also when and how it was built.</summary>
    public static async Task<string> VersionOfAsync(string python, CancellationToken cancellationToken)
    {
        var answer = await Subprocess.RunAsync(python, ["-I", "-c", "import sys; print(sys.version, end='')"], cancellationToken);
        return answer.Output;
    }

    /// <summary>Checks that the build of the working tree has the package compiled for an interpreter.</summary>
    /// <param name="build">The folder of the build.</param>
    /// <param name="python">The path of the interpreter.</param>
    /// <exception cref="NotComparableException">The package was compiled by another Python, or its compiled form was removed.</exception>
    public static async Task RequireAsync(string build, string python)
    {
        var version = await VersionOfAsync(python, CancellationToken.None);
        var folder = Path.Combine(build, Folder);
        var madeBy = Encoding.UTF8.GetBytes(version);
        if (!Directory.Exists(folder)
            || !Directory.EnumerateFiles(folder, Bundles).Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(madeBy) >= 0))
        {
            throw new NotComparableException(
                $"the Python package of the working tree's build is not compiled for {python} (Python {version})",
                "build it with the same Python: dotnet build, with or without SNAKEPIT_PYTHON in the environment as now");
        }
    }
}
