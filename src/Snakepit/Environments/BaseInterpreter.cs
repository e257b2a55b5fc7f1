using System.Text.Json;
using Snakepit.Processes;

namespace Snakepit.Environments;

/// <summary>The interpreter that makes a virtual environment.</summary>
/// <param name="Path">The path of the interpreter, outside of any virtual environment.</param>
/// <param name="Tag">The implementation and the version for which packages are compiled, such as <c>cpython-311</c>.</param>
/// <param name="Platform">The operating system and the processor for which packages are compiled.</param>
internal sealed record BaseInterpreter(string Path, string Tag, string Platform)
{
    private const string OptionName = $"{nameof(RequirementsEnvironment)}.{nameof(RequirementsEnvironment.PythonPath)}";

    private const string Questions = $"{PythonRequirements.CheckVersion}import venv, ensurepip, json, sysconfig; "
        + "print(json.dumps([getattr(sys, '_base_executable', '') or sys.executable, "
        + "sys.implementation.cache_tag or sys.version, sysconfig.get_platform()]))";

    private static readonly PythonRequirements Needs = new(
        "venv and ensurepip", "on Debian and Ubuntu: apt-get install python3-venv", Questions);

    /// <summary>Finds the interpreter.</summary>
    /// <param name="wanted">The environment that is to be made.</param>
    /// <param name="requirements">The path of its requirements file, for messages.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="PythonNotFoundException">No interpreter was found.</exception>
    /// <exception cref="PythonEnvironmentException">The interpreter cannot make virtual environments.</exception>
    public static async Task<BaseInterpreter> FindAsync(
        RequirementsEnvironment wanted, string requirements, CancellationToken cancellationToken)
    {
        var interpreter = await PythonLocator.LocateAsync(wanted.PythonPath, Needs, cancellationToken, OptionName).ConfigureAwait(false);
        var answer = await PythonQuestion.AskAsync(interpreter, "-I", Questions, cancellationToken).ConfigureAwait(false);
        if (answer.NotStarted is { } refused)
        {
            throw StartFailure.Of(interpreter, refused);
        }

        var facts = answer.Problem is null ? Read(answer.Output) : null;
        return facts ?? throw new PythonEnvironmentException(
            requirements,
            $"The Python interpreter '{interpreter}' cannot make virtual environments: {answer.Problem ?? "it gave no answer"}. "
            + $"It needs Python 3.11 or newer with {Needs.Packages}; {Needs.HowToInstall}. Or name another one by {OptionName}.");
    }

    private static BaseInterpreter? Read(string output)
    {
        try
        {
            using var document = JsonDocument.Parse(output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "");
            string[] facts = [.. document.RootElement.EnumerateArray().Select(fact => fact.GetString()!)];
            return new BaseInterpreter(facts[0], facts[1], facts[2]);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
