using System.Collections.Concurrent;
using System.Diagnostics;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>Finds the Python interpreter that runs the workers.</summary>
internal static class PythonLocator
{
    public const string Variable = "SNAKEPIT_PYTHON";

    // An interpreter that has answered is not asked again. One that does not fit is, because a package may be installed meanwhile.
    private static readonly ConcurrentDictionary<(string Interpreter, PythonRequirements Requirements), bool> Fitting = new();

    private static readonly string[] NamesInEnvironment = ["bin/python3", "bin/python", "python3", "python"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OutputGrace = TimeSpan.FromMilliseconds(400);

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

            if (new FileInfo(candidate).LinkTarget is { } target)
            {
                tried.Add($"{candidate} (a link to '{target}', which does not exist: create the virtual environment anew)");
            }
        }

        foreach (var candidate in OnPath())
        {
            if (Fitting.ContainsKey((candidate, requirements)))
            {
                return candidate;
            }

            var problem = await ProblemOfAsync(requirements, candidate, cancellationToken).ConfigureAwait(false);
            if (problem is null)
            {
                Fitting[(candidate, requirements)] = true;
                return candidate;
            }

            tried.Add($"{candidate} ({problem})");
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
                    $"{where} names '{named}', which {ProblemOf(named)}. Name a Python interpreter, such as {InterpreterIn(named)}.");
        }

        return SearchPath(named).FirstOrDefault()
            ?? throw new PythonNotFoundException(
                $"{where} names '{named}', which is not on PATH. Name a Python interpreter, such as /usr/bin/python3.");
    }

    private static string ProblemOf(string path) => Directory.Exists(path) ? "is a directory"
        : new FileInfo(path).LinkTarget is { } target ? $"is a link to '{target}', which does not exist"
        : "does not exist";

    /// <summary>Returns the interpreter of an environment in a directory that was named instead; if there is none, an example.</summary>
    private static string InterpreterIn(string directory) =>
        NamesInEnvironment.Select(name => Path.Combine(directory, name)).FirstOrDefault(File.Exists) ?? "/usr/bin/python3";

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

    /// <summary>
    /// Returns null if an interpreter can run workers, otherwise what is wrong. The directories in PYTHONPATH may hold packages that the
    /// workers need, and also files that keep Python from starting. So an interpreter that does not fit is asked again without them, and
    /// taken if it fits then; the start of the workers says which file is to blame.
    /// </summary>
    private static async Task<string?> ProblemOfAsync(
        PythonRequirements requirements, string interpreter, CancellationToken cancellationToken)
    {
        var problem = await AnswerAsync(interpreter, "-P", requirements.CheckProgram, cancellationToken).ConfigureAwait(false);
        return problem is not null
            && await AnswerAsync(interpreter, "-I", requirements.CheckProgram, cancellationToken).ConfigureAwait(false) is not null
                ? problem
                : null;
    }

    /// <summary>Runs a program in an interpreter. Returns null if it exits with 0, otherwise the last line that it printed.</summary>
    /// <param name="interpreter">The interpreter.</param>
    /// <param name="option">
    /// Either <c>-P</c>, with which Python imports nothing from the working directory, or <c>-I</c>, with which it also ignores all
    /// environment variables.
    /// </param>
    /// <param name="program">The Python code.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    private static async Task<string?> AnswerAsync(string interpreter, string option, string program, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(interpreter, [option, "-c", program])
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
        catch (System.ComponentModel.Win32Exception exception)
        {
            return StartFailure.Of(interpreter, exception) is SystemLimitException limit ? throw limit : exception.Message;
        }

        process.StandardInput.Close(); // Python would wait there for input if PYTHONINSPECT is set
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Patience);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limited.Token);
            var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(limited.Token), errors);
            await process.WaitForExitAsync(limited.Token).ConfigureAwait(false);
            if (process.ExitCode == 0)
            {
                return null;
            }

            // A program that sitecustomize has started may keep the output open for longer than the interpreter lives.
            await output.EndsWithinAsync(OutputGrace).ConfigureAwait(false);
            var lines = errors.IsCompletedSuccessfully ? errors.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];
            return lines.LastOrDefault()?.Trim() ?? $"exit code {process.ExitCode}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {Patience.TotalSeconds:0} s";
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
