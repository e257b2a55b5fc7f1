using Microsoft.Extensions.Logging;
using Snakepit.Processes;
using Snakepit.Telemetry;

namespace Snakepit.Environments;

/// <summary>Finds the environment of a requirements file in the cache, or makes it there.</summary>
internal sealed class EnvironmentMaker
{
    private const string PlainCharacters = "-_./:=,+@";

    private readonly RequirementsEnvironment _wanted;
    private readonly IReadOnlyDictionary<string, string> _variables;
    private readonly PythonRequirements _needs;
    private readonly ILogger _logger;
    private readonly RequirementsText _text;
    private readonly string? _wheels;
    private string? _command;
    private OutputTail _output = new(_ => { });

    private EnvironmentMaker(RequirementsEnvironment wanted, SnakepitOptions options, PythonRequirements needs)
    {
        (_wanted, _variables, _needs) = (wanted, options.EnvironmentVariables, needs);
        _logger = GuardedLogger.Create(options.LoggerFactory, "Snakepit.Pool");
        _text = RequirementsText.Read(NamedPath.Find(wanted.Requirements));
        _wheels = wanted.Wheels is null ? null : NamedPath.Find(wanted.Wheels);
    }

    /// <summary>Returns the interpreter of the environment; makes the environment if it is not in the cache.</summary>
    /// <exception cref="PoolStartException">The environment cannot be made.</exception>
    public static async Task<string> FindOrMakeAsync(
        RequirementsEnvironment wanted, SnakepitOptions options, PythonRequirements needs, CancellationToken cancellationToken)
    {
        var maker = new EnvironmentMaker(wanted, options, needs);
        maker.CheckInput();
        try
        {
            return await maker.FindOrMakeAsync(options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StartFailure.OfLimit("The Python environment cannot be made", exception) ?? (PoolStartException)maker.Failed(
                $"{exception.Message.TrimEnd('.')}. If the cache folder cannot be used, name another by "
                + $"{nameof(RequirementsEnvironment)}.{nameof(wanted.CacheDirectory)}.",
                exception);
        }
    }

    private void CheckInput()
    {
        if (_wanted.Offline && _text.FirstAddress is { } place)
        {
            throw Failed($"{nameof(_wanted.Offline)} is set, and {place} names an address of the network. Put the package into the folder "
                + $"of {nameof(_wanted.Wheels)}, and remove the line.");
        }

        if (_wheels is not null && !Directory.Exists(_wheels))
        {
            var problem = File.Exists(_wheels) ? "is a file" : "does not exist";
            throw Failed($"The folder of {nameof(_wanted.Wheels)}, '{_wheels}', {problem}.");
        }
    }

    private async Task<string> FindOrMakeAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var maker = await BaseInterpreter.FindAsync(_wanted, _text.Path, cancellationToken).ConfigureAwait(false);
        var cache = _wanted.CacheDirectory is { } named ? Path.GetFullPath(named) : DefaultCache();
        var folder = new EnvironmentFolder(Path.Combine(cache, EnvironmentKey.Of(_wanted, _text, maker, _needs, _wheels)));
        if (folder.IsReady)
        {
            return folder.Interpreter; // the cache may be read-only then
        }

        using var limit = new CancellationTokenSource(_wanted.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            Directory.CreateDirectory(cache);
            using var owned = await EnvironmentLock
                .TakeAsync(folder.LockPath, () => _logger.EnvironmentAwaited(folder.Path), either.Token)
                .ConfigureAwait(false);
            if (!folder.IsReady)
            {
                var began = time.GetTimestamp();
                _logger.EnvironmentBegun(_text.Path, folder.Path);
                await MakeAsync(maker, folder, either.Token).ConfigureAwait(false);
                _logger.EnvironmentMade(_text.Path, time.GetElapsedTime(began).TotalMilliseconds);
            }

            return folder.Interpreter;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TimedOut(folder);
        }
    }

    private async Task MakeAsync(BaseInterpreter maker, EnvironmentFolder folder, CancellationToken cancellationToken)
    {
        folder.Begin(); // without what a maker has left that was killed
        try
        {
            var venv = MakerCommands.Venv(maker, folder, _wanted.SystemSitePackages);
            await RunAsync(maker, folder, venv, "venv", cancellationToken).ConfigureAwait(false);
            var pip = MakerCommands.Pip(folder, _text, _needs.Specifiers, _wanted.Offline, _wheels);
            await RunAsync(maker, folder, pip, "pip", cancellationToken).ConfigureAwait(false);
            var answer = await PythonQuestion
                .AskAsync(folder.Interpreter, "-I", _needs.CheckProgram, cancellationToken)
                .ConfigureAwait(false);
            if (answer.Problem is { } problem)
            {
                _command = null;
                var specifiers = _needs.Specifiers.Replace(" ", ", ", StringComparison.Ordinal);
                throw Failed($"It cannot run workers: {problem}. Workers need {specifiers}"
                    + (_text.HasHashes ? ", which must be in the requirements file, because its lines have hashes." : "."));
            }

            folder.MarkReady(_text.Path);
        }
        catch
        {
            folder.Abandon();
            throw;
        }
    }

    private async Task RunAsync(
        BaseInterpreter maker, EnvironmentFolder folder, IReadOnlyList<string> command, string name, CancellationToken cancellationToken)
    {
        _command = string.Join(' ', command.Select(Quoted));
        _output = new OutputTail(_ => { });

        // Pip looks for local files that a requirement names in its working directory.
        var directory = Path.GetDirectoryName(_text.Path)!;
        var exitCode = await KeptProgram.RunAsync(maker.Path, command, directory, Change, _output, cancellationToken).ConfigureAwait(false);
        if (exitCode != 0)
        {
            throw Failed($"{name} has ended with exit code {exitCode}.");
        }

        void Change(IDictionary<string, string?> variables) =>
            MakerCommands.Change(variables, _variables, folder.TemporaryDirectory, _wanted.Offline, _wheels);
    }

    private PythonEnvironmentException TimedOut(EnvironmentFolder folder) => new(
        _text.Path,
        $"It was not ready within {nameof(RequirementsEnvironment)}.{nameof(_wanted.Timeout)} ({_wanted.Timeout.TotalSeconds:0.###} s). "
        + (_command is null
            ? $"Another program makes it, or the file system of '{folder.LockPath}' knows no locks."
            : "An index of packages may be slow or not answer; otherwise raise the option."),
        _command,
        _command is null ? null : _output.Lines,
        isTransient: true);

    private PythonEnvironmentException Failed(string reason, Exception? exception = null) =>
        new(_text.Path, reason, _command, _command is null ? null : _output.Lines, reasonException: exception);

    /// <summary>Writes an argument so that the command can be tried in a shell.</summary>
    private static string Quoted(string argument) =>
        argument.All(character => char.IsLetterOrDigit(character) || PlainCharacters.Contains(character, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string DefaultCache()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!Path.IsPathRooted(cache))
        {
            cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        }

        return Path.Combine(cache, "snakepit", "environments");
    }
}
