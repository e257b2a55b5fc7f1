using Snakepit.Contracts.Options;
using Snakepit.Environments;
using Snakepit.Processes;

namespace Snakepit;

/// <summary>The first steps of a start, which a pool and a template have in common.</summary>
internal static class PoolPreparation
{
    /// <summary>Checks the options, begins to warm up the transport, and finds the Python interpreter, or makes its environment.</summary>
    /// <exception cref="PlatformNotSupportedException">The program does not run on Linux.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="PythonNotFoundException">There is no usable Python interpreter.</exception>
    /// <exception cref="PythonRuntimeException">The environment lacks what workers need.</exception>
    /// <exception cref="PythonEnvironmentException">The environment cannot be made.</exception>
    public static async Task<PythonLaunch> PrepareAsync(SnakepitOptions options, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Snakepit's workers need Linux; on Windows, run the program under WSL.");
        }

        options.Validate();
        var transport = Transports.Of(options.Transport);
        transport.WarmUp();
        var interpreter =
            await EnvironmentLocator.LocateAsync(options, transport.Requirements, cancellationToken).ConfigureAwait(false);
        return new PythonLaunch(options, interpreter, transport.Name, transport.Requirements);
    }
}
