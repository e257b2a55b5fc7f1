using System.Collections.Concurrent;

namespace Snakepit.Processes;

/// <summary>Finds the Python interpreter that runs the workers.</summary>
internal static class PythonLocator
{
    public const string Variable = "SNAKEPIT_PYTHON";

    /// <summary>The option that names an interpreter, for messages.</summary>
    public const string Option = $"{nameof(SnakepitOptions)}.{nameof(SnakepitOptions.PythonPath)}";

    // An interpreter that has answered is not asked again. One that does not fit is, because a package may be installed meanwhile.
    private static readonly ConcurrentDictionary<(string Interpreter, PythonRequirements Requirements), bool> Fitting = new();

    private static readonly string[] NamesInEnvironment = ["bin/python3", "bin/python", "python3", "python"];

    /// <summary>
    /// Finds the interpreter. If the options or <see cref="Variable"/> name an interpreter, it is taken and must exist. Otherwise the first
    /// of these is taken: the active virtual environment, a <c>.venv</c> in or above the directory of the program or the working directory,
    /// and each <c>python3</c> or <c>python</c> on PATH that meets the requirements. An interpreter of a virtual environment is not checked
    /// here; if it does not meet the requirements, the start of the workers fails and says why.
    /// </summary>
    /// <param name="configured">The interpreter that an option names, or null.</param>
    /// <param name="requirements">What an interpreter on PATH must have.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <param name="option">The option that names an interpreter, for messages.</param>
    /// <exception cref="PythonNotFoundException">
    /// No interpreter was found. The message lists the interpreters that were tried and says which setting names another one.
    /// </exception>
    public static async Task<string> LocateAsync(
        string? configured, PythonRequirements requirements, CancellationToken cancellationToken, string option = Option)
    {
        if (configured is not null)
        {
            return Existing(configured, option);
        }

        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return Existing(named, Variable);
        }

        var tried = new List<string>();
        foreach (var candidate in VirtualEnvironments())
        {
            if (FileFacts.IsFile(candidate))
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

            var answer = await CheckAsync(requirements, candidate, cancellationToken).ConfigureAwait(false);
            if (answer.Problem is null)
            {
                Fitting[(candidate, requirements)] = true;
                return candidate;
            }

            tried.Add($"{candidate} ({answer.Problem})");
        }

        throw new PythonNotFoundException(
            $"No Python 3.11 or newer with {requirements.Packages} was found. "
            + (tried.Count == 0 ? "There is no python3 on PATH" : $"These do not fit: {string.Join(", ", tried)}")
            + ", and there is no .venv at or above the program or the working directory. "
            + $"Set {Variable} or {option} to an interpreter that fits, "
            + "or install what is missing: "
            + $"{requirements.HowToInstall}.");
    }

    /// <summary>Returns the interpreter that is named, if it meets the requirements.</summary>
    /// <param name="named">A path, or a name to look up on PATH.</param>
    /// <param name="where">What has named it, for messages.</param>
    /// <param name="requirements">What it must have.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="PythonNotFoundException">There is no such interpreter, or it cannot be executed.</exception>
    /// <exception cref="PythonRuntimeException">It does not meet the requirements.</exception>
    public static async Task<string> FittingAsync(
        string named, string where, PythonRequirements requirements, CancellationToken cancellationToken)
    {
        var interpreter = Existing(named, where);
        if (!Fitting.ContainsKey((interpreter, requirements)))
        {
            var answer = await CheckAsync(requirements, interpreter, cancellationToken).ConfigureAwait(false);
            Fitting[(interpreter, requirements)] = answer switch
            {
                { NotStarted: { } refused } => throw StartFailure.Of(interpreter, refused),
                { Problem: { } problem } => throw requirements.NotMet(interpreter, problem),
                _ => true,
            };
        }

        return interpreter;
    }

    private static string Existing(string named, string where)
    {
        if (named.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            return FileFacts.IsFile(named)
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
        NamesInEnvironment.Select(name => Path.Combine(directory, name)).FirstOrDefault(FileFacts.IsFile) ?? "/usr/bin/python3";

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
            .Where(FileFacts.IsFile);

    /// <summary>
    /// Asks an interpreter whether it can run workers. The directories in PYTHONPATH may hold packages that workers need, and also files
    /// that keep Python from starting. So an interpreter that does not fit is asked again without them, and taken if it fits then; the
    /// start of the workers says which file is to blame.
    /// </summary>
    private static async Task<PythonAnswer> CheckAsync(
        PythonRequirements requirements, string interpreter, CancellationToken cancellationToken)
    {
        var answer = await PythonQuestion.AskAsync(interpreter, "-P", requirements.CheckProgram, cancellationToken).ConfigureAwait(false);
        if (answer.Problem is null)
        {
            return answer;
        }

        var isolated = await PythonQuestion.AskAsync(interpreter, "-I", requirements.CheckProgram, cancellationToken).ConfigureAwait(false);
        return isolated.Problem is null ? isolated : answer;
    }
}
