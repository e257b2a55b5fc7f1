using System.Collections.Concurrent;
using System.Diagnostics;

namespace Snakepit.Processes;

/// <summary>Finds the Python interpreter that runs the workers.</summary>
internal static class PythonLocator
{
    public const string Variable = "SNAKEPIT_PYTHON";

    private static readonly ConcurrentDictionary<(string Interpreter, PythonRequirements Requirements), bool> CanRunWorkers = new();

    /// <summary>
    /// Finds the interpreter. If the options or <see cref="Variable"/> name an interpreter, it is taken and must exist. Otherwise the first
    /// of these is taken: the active virtual environment, a <c>.venv</c> in or above the directory of the program or the working directory,
    /// and each <c>python3</c> or <c>python</c> on PATH that meets the requirements. An interpreter of a virtual environment is not checked
    /// here; if it does not meet the requirements, the start of the workers fails and says why.
    /// </summary>
    /// <exception cref="PythonNotFoundException">
    /// No interpreter was found. The message lists the interpreters that were tried and says which setting names another one.
    /// </exception>
    public static async Task<string> LocateAsync(string? configured, PythonRequirements requirements, CancellationToken cancellationToken)
    {
        if (configured is not null)
        {
            return Existing(configured, $"{nameof(SnakepitOptions)}.{nameof(SnakepitOptions.PythonPath)}");
        }

        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return Existing(named, Variable);
        }

        var tried = new List<string>();
        foreach (var candidate in VirtualEnvironments())
        {
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        foreach (var candidate in OnPath())
        {
            tried.Add(candidate);
            if (!CanRunWorkers.TryGetValue((candidate, requirements), out var fits))
            {
                fits = await MeetsAsync(requirements, candidate, cancellationToken).ConfigureAwait(false);
                CanRunWorkers[(candidate, requirements)] = fits;
            }

            if (fits)
            {
                return candidate;
            }
        }

        throw new PythonNotFoundException(
            $"No Python 3.11 or newer with {requirements.Packages} was found. "
            + (tried.Count == 0 ? "There is no python3 on PATH" : $"These do not fit: {string.Join(", ", tried)}")
            + ", and there is no .venv at or above the program or the working directory. "
            + $"Set {Variable} or {nameof(SnakepitOptions)}.{nameof(SnakepitOptions.PythonPath)} to an interpreter that fits, "
            + "or install what is missing: "
            + $"{requirements.HowToInstall}.");
    }

    private static string Existing(string named, string where)
    {
        if (named.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            return File.Exists(named)
                ? Path.GetFullPath(named)
                : throw new PythonNotFoundException(
                    $"{where} names '{named}', which does not exist. Name a Python interpreter, such as /usr/bin/python3.");
        }

        return SearchPath(named).FirstOrDefault()
            ?? throw new PythonNotFoundException(
                $"{where} names '{named}', which is not on PATH. Name a Python interpreter, such as /usr/bin/python3.");
    }

    private static IEnumerable<string> VirtualEnvironments()
    {
        if (Environment.GetEnvironmentVariable("VIRTUAL_ENV") is { Length: > 0 } active)
        {
            yield return Path.Combine(active, "bin", "python3");
        }

        foreach (var start in (string?[])[AppContext.BaseDirectory, WorkingDirectory.Current])
        {
            for (var directory = start is null ? null : new DirectoryInfo(start); directory is not null; directory = directory.Parent)
            {
                yield return Path.Combine(directory.FullName, ".venv", "bin", "python3");
            }
        }
    }

    private static IEnumerable<string> OnPath() => SearchPath("python3").Concat(SearchPath("python")).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> SearchPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, name))
            .Where(File.Exists);

    private static async Task<bool> MeetsAsync(PythonRequirements requirements, string interpreter, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(interpreter, ["-c", requirements.CheckProgram])
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
            return false; // the file cannot be executed
        }

        try
        {
            await Task.WhenAll(
                process.StandardOutput.ReadToEndAsync(cancellationToken),
                process.StandardError.ReadToEndAsync(cancellationToken),
                process.WaitForExitAsync(cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        return process.ExitCode == 0;
    }
}
